//! What the neurons of a block are like: how each decays, and where its threshold is.

use crate::block::columns::LifColumns;
use crate::inputs::currents::Currents;
use tauspike_network::population::Lif;
use tauspike_neuron::{Decay, Extent, Int, Lattice, Passes, Phase};

/// Constants of the neurons of a block, by position in it, and the pass they stand in.
pub(super) struct Members {
    pub lattice: Lattice,
    pub passes: Passes,
    /// Start of the pass in which the scaled potentials stand, ms.
    pub pass: f64,
    pub decays: Decays,
    /// V_th - V_inf, mV.
    pub theta: Vec<f64>,
    /// All neurons have one time constant and one theta.
    pub alike: bool,
    /// Any V_inf is above threshold.
    pub driven: bool,
    /// mV.
    pub v_inf: Vec<f64>,
    pub lif: LifColumns,
}

/// How neurons decay.
pub(super) enum Decays {
    /// All in one way.
    Shared { decay: Decay, phase: Phase },
    /// Each in its own; `rates` and `fractions` are those of `decays` and of their phases.
    Own { decays: Vec<Decay>, phases: Vec<Phase>, rates: Vec<f64>, fractions: Vec<f64> },
}

impl Members {
    pub fn new(lattice: Lattice, passes: Passes, neurons: usize, lif: LifColumns) -> Self {
        let decays = match lif.lif.tau_m.shared() {
            Some(tau_m) => Decays::Shared { decay: Decay::new(tau_m, passes), phase: Phase::default() },
            None => {
                let decay = |n: usize| Decay::new(lif.lif.tau_m.get(lif.first + n), passes);
                let decays: Vec<Decay> = (0..neurons).map(decay).collect();
                let rates = decays.iter().map(|decay| decay.rate).collect();
                let (phases, fractions) = (vec![Phase::default(); neurons], vec![0.0; neurons]);
                Decays::Own { decays, phases, rates, fractions }
            }
        };
        let v_inf: Vec<f64> = (0..neurons).map(|n| v_inf(&lif.lif, lif.first + n, 0.0)).collect();
        let theta = (0..neurons).map(|n| lif.lif.v_th.get(lif.first + n) - v_inf[n]).collect();
        let mut members = Self { lattice, passes, pass: 0.0, decays, theta, alike: false, driven: false, v_inf, lif };
        members.compare();
        members
    }

    /// Finds out what the neurons have in common: after [`Members::set_v_inf`] too.
    pub fn compare(&mut self) {
        let shared = matches!(self.decays, Decays::Shared { .. });
        self.alike = shared && self.theta.iter().all(|theta| *theta == self.theta[0]);
        self.driven = self.theta.iter().any(|theta| self.lattice.is_driven(*theta));
    }

    pub fn len(&self) -> usize {
        self.theta.len()
    }

    pub fn decay(&self, n: usize) -> (Decay, Phase) {
        match &self.decays {
            Decays::Shared { decay, phase } => (*decay, *phase),
            Decays::Own { decays, phases, .. } => (decays[n], phases[n]),
        }
    }

    /// growth * unit of neuron `n` at `time` ms, which is in the present pass.
    #[inline(always)]
    pub fn factor(&self, n: usize, time: f64) -> f64 {
        let after = time - self.pass;
        let growth = match &self.decays {
            Decays::Shared { decay, phase } => decay.growth(phase.fraction, after),
            Decays::Own { rates, fractions, .. } => tauspike_neuron::elementary::exp2(fractions[n] + after * rates[n]),
        };
        growth * self.lattice.unit
    }

    /// The scaled potential of neuron `n` at the end of refractoriness, `since` ms, and the start of the pass in which it stands.
    pub fn woken<I: Int>(&self, n: usize, since: f64) -> (I, f64) {
        let ((decay, _), start) = (self.decay(n), self.passes.start(since));
        let growth = decay.growth(decay.phase(self.passes, start).fraction, since - start);
        (self.lattice.scaled(self.reset(n), growth), start)
    }

    /// The same in the present pass, which is no earlier.
    pub fn awake<I: Int>(&self, n: usize, since: f64) -> I {
        let (u, start): (I, f64) = self.woken(n, since);
        let (decay, phase) = self.decay(n);
        u.halved(phase.whole - decay.phase(self.passes, start).whole)
    }

    /// V_reset - V_inf, mV.
    pub fn reset(&self, n: usize) -> f64 {
        self.lif.lif.v_reset.get(self.lif.first + n) - self.v_inf[n]
    }

    /// ms.
    pub fn t_ref(&self, n: usize) -> f64 {
        self.lif.lif.t_ref.get(self.lif.first + n)
    }

    /// What the present current drives neuron `n` to, mV.
    pub fn driven_to(&self, n: usize, currents: &Currents) -> f64 {
        v_inf(&self.lif.lif, self.lif.first + n, currents.amplitude(n))
    }

    /// Makes V_inf of neuron `n` another.
    pub fn set_v_inf(&mut self, n: usize, v_inf: f64) {
        self.v_inf[n] = v_inf;
        self.theta[n] = self.lif.lif.v_th.get(self.lif.first + n) - v_inf;
    }

    /// Goes to the pass of `time`; calls `halve` with each neuron that decays by whole octaves on the way, and their number.
    pub fn go_to(&mut self, time: f64, mut halve: impl FnMut(Option<usize>, u128)) {
        let pass = self.passes.start(time);
        if pass == self.pass {
            return;
        }
        self.pass = pass;
        match &mut self.decays {
            Decays::Shared { decay, phase } => {
                let before = phase.whole;
                *phase = decay.phase(self.passes, pass);
                if phase.whole > before {
                    halve(None, phase.whole - before);
                }
            }
            Decays::Own { decays, phases, fractions, .. } => {
                let number = self.passes.number(pass);
                for (n, decay) in decays.iter().enumerate() {
                    let phase = decay.phase_of(number);
                    if phase.whole > phases[n].whole {
                        halve(Some(n), phase.whole - phases[n].whole);
                    }
                    (phases[n], fractions[n]) = (phase, phase.fraction);
                }
            }
        }
    }
}

fn v_inf(lif: &Lif, k: usize, current: f64) -> f64 {
    lif.e_l.get(k) + lif.tau_m.get(k) / lif.c_m.get(k) * (current + lif.i_e.get(k))
}

/// What the potentials of a population of delta neurons are like; `currents` are the extremes of all current inputs together at a
/// neuron, pA, and `weight` is the largest |weight|, mV.
pub(super) fn extent(lif: &Lif, members: usize, currents: impl Fn(usize) -> (f64, f64), weight: f64) -> Extent {
    let mut extent = Extent { scales: (f64::INFINITY, 0.0), weight, drive: f64::INFINITY };
    for k in 0..members {
        let (low, high) = currents(k);
        let (low, high) = (v_inf(lif, k, low), v_inf(lif, k, high));
        let of = |v: f64| (v - low).abs().max((v - high).abs());
        let scale = of(lif.v_th.get(k)).max(of(lif.v_reset.get(k))).max(of(lif.v_init.get(k)));
        extent.scales = (extent.scales.0.min(scale), extent.scales.1.max(scale));
        let over = high - lif.v_th.get(k);
        if over > 0.0 {
            // where V_inf moves it may come as near to threshold as it likes
            let over = if low < high { 0.0 } else { over };
            extent.drive = extent.drive.min(over / (scale * lif.tau_m.get(k)));
        }
    }
    extent
}
