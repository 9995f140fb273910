//! One leaky integrate-and-fire neuron: `tau_m dV/dt = -(V - E_L) + tau_m/C_m (I_e + I_ext + I_ex + I_in)`.
//!
//! Currents decay exponentially. As alpha functions each has a feed that decays so, `tau_syn I' = -I + tau_syn F`.
//!
//! It fires at the first instant with V >= V_th. Then V = V_reset, held on the half-open `[t_s, t_s + t_ref)`: an arrival at
//! exactly `t_s + t_ref` counts. It knows nothing of other neurons and nothing of the order of arrivals.

use crate::alpha;
use crate::crossing::{Deflection, first_crossing, first_crossing_without_current};
use tauspike_network::population::{Lif, Synapse};

/// Parameters and state of one neuron. All quantities in ms, mV, pA, pF.
#[derive(Clone, Debug)]
pub struct Neuron {
    tau_m: f64,
    c_m: f64,
    e_l: f64,
    v_th: f64,
    v_reset: f64,
    t_ref: f64,
    i_e: f64,
    /// tau_syn_ex, tau_syn_in; absent for delta synapses.
    tau_syn: Option<(f64, f64)>,
    is_alpha: bool,
    /// Time of the state below.
    time: f64,
    /// End of refractoriness.
    ready: f64,
    v: f64,
    i_ex: f64,
    i_in: f64,
    /// What feeds both currents, pA/ms; 0 unless they are alpha functions.
    feed: [f64; 2],
    i_ext: f64,
}

impl Neuron {
    /// Neuron number `member` of a population, at time 0.
    pub fn new(lif: &Lif, member: usize) -> Self {
        Self {
            tau_m: lif.tau_m.get(member),
            c_m: lif.c_m.get(member),
            e_l: lif.e_l.get(member),
            v_th: lif.v_th.get(member),
            v_reset: lif.v_reset.get(member),
            t_ref: lif.t_ref.get(member),
            i_e: lif.i_e.get(member),
            tau_syn: lif.synapse.tau_syn().map(|(ex, inh)| (ex.get(member), inh.get(member))),
            is_alpha: matches!(lif.synapse, Synapse::Alpha { .. }),
            time: 0.0,
            ready: f64::NEG_INFINITY,
            v: lif.v_init.get(member),
            i_ex: 0.0,
            i_in: 0.0,
            feed: [0.0; 2],
            i_ext: 0.0,
        }
    }

    /// Carries the state to `time`, which must not lie before the last event nor after the next crossing.
    pub fn advance(&mut self, time: f64) {
        if self.time < self.ready {
            let free = if time < self.ready { time } else { self.ready };
            self.decay_currents(free - self.time);
            self.time = free;
        }
        if self.time < time {
            let s = time - self.time;
            self.v = self.v_inf() + if self.is_alpha { self.fed().at(s) } else { self.deflection().at(s) };
            self.decay_currents(s);
            self.time = time;
        }
    }

    /// A synaptic arrival now: a jump of V, dropped while refractory, or of a current.
    pub fn receive(&mut self, weight: f64) {
        match self.tau_syn {
            None if self.is_refractory() => {}
            None => self.v += weight,
            Some((tau_ex, tau_in)) if self.is_alpha => {
                // the current comes to `weight` at tau_syn
                let (side, tau) = if weight > 0.0 { (0, tau_ex) } else { (1, tau_in) };
                self.feed[side] += weight * std::f64::consts::E / tau;
            }
            Some(_) if weight > 0.0 => self.i_ex += weight,
            Some(_) => self.i_in += weight,
        }
    }

    /// The external current is `current` from now on, pA.
    pub fn set_external_current(&mut self, current: f64) {
        self.i_ext = current;
    }

    /// V, mV, now.
    pub fn potential(&self) -> f64 {
        self.v
    }

    /// Excitatory and inhibitory synaptic current, pA, now; 0 for delta synapses.
    pub fn currents(&self) -> (f64, f64) {
        (self.i_ex, self.i_in)
    }

    /// Whether V has reached the threshold now.
    pub fn is_over_threshold(&self) -> bool {
        !self.is_refractory() && self.v >= self.v_th
    }

    /// Fires now.
    pub fn fire(&mut self) {
        self.v = self.v_reset;
        self.ready = self.time + self.t_ref;
    }

    /// When it fires next if nothing else arrives, if that is not after `t_stop`, ms.
    pub fn next_crossing(&self, t_stop: f64) -> Option<f64> {
        if self.v_th == f64::INFINITY {
            return None;
        }
        let mut later = self.clone();
        if self.is_refractory() {
            later.advance(self.ready);
        }
        let horizon = t_stop - later.time;
        if horizon < 0.0 {
            return None;
        }
        let (path, theta) = (later.deflection(), self.v_th - self.v_inf());
        let wait = match self.tau_syn {
            _ if self.is_alpha => alpha::first_crossing(&later.fed(), theta, horizon),
            None => first_crossing_without_current(path.a, path.x, theta),
            Some(_) => first_crossing(&path, theta, horizon),
        };
        wait.map(|s| later.time + s).filter(|&t| t <= t_stop)
    }

    fn is_refractory(&self) -> bool {
        self.time < self.ready
    }

    fn v_inf(&self) -> f64 {
        self.e_l + self.tau_m / self.c_m * (self.i_e + self.i_ext)
    }

    fn deflection(&self) -> Deflection {
        let (tau_ex, tau_in) = self.tau_syn.unwrap_or((self.tau_m, self.tau_m));
        Deflection {
            a: 1.0 / self.tau_m,
            b: 1.0 / tau_ex,
            c: 1.0 / tau_in,
            x: self.v - self.v_inf(),
            p: self.i_ex / self.c_m,
            q: self.i_in / self.c_m,
        }
    }

    fn fed(&self) -> alpha::Deflection {
        let Deflection { a, b, c, x, p, q } = self.deflection();
        alpha::Deflection { a, b: [b, c], x, current: [p, q], feed: self.feed.map(|feed| feed / self.c_m) }
    }

    fn decay_currents(&mut self, s: f64) {
        if let Some((tau_ex, tau_in)) = self.tau_syn {
            self.i_ex += self.feed[0] * s;
            self.i_in += self.feed[1] * s;
            self.feed[0] *= (-s / tau_ex).exp();
            self.feed[1] *= (-s / tau_in).exp();
            self.i_ex *= (-s / tau_ex).exp();
            self.i_in *= (-s / tau_in).exp();
        }
    }
}
