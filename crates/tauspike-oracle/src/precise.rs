//! One neuron in arithmetic of as many digits as asked for.
//!
//! Times of arrivals and spikes are f64, because they are f64 in the model: a spike time is the exact crossing rounded once.
//! Between two such times nothing is rounded that f64 could see. The sums of exponentials are written out as they stand, and
//! enough digits make their cancellations harmless.

mod deflection;
#[cfg(test)]
mod tests;

use deflection::{Deflection, Real, real};

/// Digits that are computed beyond those asked for: near-equal time constants cost up to 16, twice in a row.
const GUARD_DIGITS: u32 = 40;
/// Digits of [`first_crossing`].
const CROSSING_DIGITS: u32 = 60;

/// One neuron: the names and units of `tauspike_network::population::Lif`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameters {
    /// ms.
    pub tau_m: f64,
    /// Synaptic time constants (excitatory, inhibitory), ms; absent for delta synapses.
    pub tau_syn: Option<(f64, f64)>,
    /// pF.
    pub c_m: f64,
    /// mV.
    pub e_l: f64,
    /// mV.
    pub v_th: f64,
    /// mV.
    pub v_reset: f64,
    /// ms.
    pub t_ref: f64,
    /// pA.
    pub i_e: f64,
    /// mV.
    pub v_init: f64,
}

/// The state [`first_crossing`] starts from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    /// mV.
    pub v: f64,
    /// Excitatory current, pA, >= 0.
    pub i_ex: f64,
    /// Inhibitory current, pA, <= 0.
    pub i_in: f64,
}

/// The membrane [`first_crossing`] follows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Membrane {
    /// ms.
    pub tau_m: f64,
    /// ms.
    pub tau_ex: f64,
    /// ms.
    pub tau_in: f64,
    /// pF.
    pub c_m: f64,
    /// Where V goes without synaptic current, mV.
    pub v_inf: f64,
    /// mV.
    pub v_th: f64,
}

/// Spike times in [0, t_stop) of one neuron, ms, given its arrivals (time in ms, weight in mV or pA), sorted by time.
/// Arrivals at the same time are one event.
///
/// # Panics
/// If a number is NaN or infinite, a time constant or C_m is not > 0, or V_reset >= V_th.
pub fn single_neuron(parameters: &Parameters, arrivals: &[(f64, f64)], t_stop: f64, digits: u32) -> Vec<f64> {
    assert!(parameters.v_reset < parameters.v_th, "V_reset must be below V_th");
    let mut neuron = Neuron::new(parameters, digits);
    for event in arrivals.chunk_by(|first, second| first.0 == second.0) {
        let time = event[0].0;
        if time >= t_stop {
            break;
        }
        neuron.run_to(time);
        neuron.receive(event);
    }
    neuron.run_to(t_stop);
    neuron.spikes.retain(|&time| time < t_stop);
    neuron.spikes
}

/// The first t >= 0 with V(t) >= V_th when nothing arrives, ms, rounded to f64; 0 if V is there already.
///
/// # Panics
/// If a number is NaN or infinite, or a time constant or C_m is not > 0.
pub fn first_crossing(state: &State, membrane: &Membrane) -> Option<f64> {
    let exact = |x| real(x, CROSSING_DIGITS + GUARD_DIGITS);
    let (c_m, v_inf) = (exact(membrane.c_m), exact(membrane.v_inf));
    let path = Deflection {
        a: exact(1.0) / exact(membrane.tau_m),
        b: exact(1.0) / exact(membrane.tau_ex),
        c: exact(1.0) / exact(membrane.tau_in),
        x: exact(state.v) - &v_inf,
        p: exact(state.i_ex) / &c_m,
        q: exact(state.i_in) / &c_m,
    };
    let theta = exact(membrane.v_th) - v_inf;
    let horizon = path.sufficient_horizon(&theta);
    path.first_crossing(&theta, &horizon).map(|t| t.to_f64().value())
}

struct Neuron<'a> {
    parameters: &'a Parameters,
    digits: u32,
    /// V - V_inf and the currents over C_m, at `time`.
    path: Deflection,
    /// V_th - V_inf.
    theta: Real,
    /// V_reset - V_inf.
    reset: Real,
    c_m: Real,
    time: f64,
    /// End of refractoriness.
    ready: f64,
    spikes: Vec<f64>,
}

impl<'a> Neuron<'a> {
    fn new(parameters: &'a Parameters, digits: u32) -> Self {
        let digits = digits + GUARD_DIGITS;
        let exact = |x| real(x, digits);
        let (tau_ex, tau_in) = parameters.tau_syn.unwrap_or((parameters.tau_m, parameters.tau_m));
        let c_m = exact(parameters.c_m);
        let v_inf = exact(parameters.e_l) + exact(parameters.tau_m) / &c_m * exact(parameters.i_e);
        let path = Deflection {
            a: exact(1.0) / exact(parameters.tau_m),
            b: exact(1.0) / exact(tau_ex),
            c: exact(1.0) / exact(tau_in),
            x: exact(parameters.v_init) - &v_inf,
            p: exact(0.0),
            q: exact(0.0),
        };
        Self {
            theta: exact(parameters.v_th) - &v_inf,
            reset: exact(parameters.v_reset) - &v_inf,
            parameters,
            digits,
            path,
            c_m,
            time: 0.0,
            ready: 0.0,
            spikes: Vec::new(),
        }
    }

    /// Fires whenever the threshold is reached up to and including `time`, and carries the state to `time`.
    fn run_to(&mut self, time: f64) {
        loop {
            if self.time < self.ready {
                let free = if time < self.ready { time } else { self.ready };
                self.path = Deflection { x: self.path.x.clone(), ..self.path.after(&self.until(free)) };
                self.time = free;
            }
            if self.time < self.ready {
                return;
            }
            let left = self.until(time);
            let Some(wait) = self.path.first_crossing(&self.theta, &left) else {
                self.path = self.path.after(&left);
                self.time = time;
                return;
            };
            let crossing = (real(self.time, self.digits) + wait).to_f64().value();
            self.path = self.path.after(&self.until(crossing));
            self.time = crossing;
            self.fire();
        }
    }

    /// Applies all weights of one event, then tests the threshold once.
    fn receive(&mut self, event: &[(f64, f64)]) {
        let refractory = self.time < self.ready;
        for &(_, weight) in event {
            let weight = real(weight, self.digits);
            match self.parameters.tau_syn {
                None if refractory => {}
                None => self.path.x += weight,
                Some(_) if weight > real(0.0, self.digits) => self.path.p += weight / &self.c_m,
                Some(_) => self.path.q += weight / &self.c_m,
            }
        }
        if !refractory && self.path.x >= self.theta {
            self.fire();
        }
    }

    fn fire(&mut self) {
        self.spikes.push(self.time);
        self.path.x = self.reset.clone();
        self.ready = self.time + self.parameters.t_ref;
    }

    /// The exact time from now until `time`, ms.
    fn until(&self, time: f64) -> Real {
        real(time, self.digits) - real(self.time, self.digits)
    }
}
