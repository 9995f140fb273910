//! What delta neurons of a block are like: how each decays, and where its threshold is.

use crate::block::columns::LifColumns;
use crate::block::scaled::potentials::v_inf;
use crate::block::scaled::table::{LINE, Table, table};
use crate::hardware::prefetch::prefetch;
use crate::inputs::currents::Currents;
use crate::transit::span::Span;
use tauspike_neuron::elementary::{exp2, log2_below};
use tauspike_neuron::{Decay, Int, Lattice, Passes, Phase, Phases};

/// Neurons taken together from pass to pass.
const HALVED: usize = 64;

/// Constants of the neurons of a block, by position in it, and the pass they stand in.
#[derive(Clone)]
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
    /// Any V_inf is above threshold, so far that the neuron fires by itself.
    pub driven: bool,
    /// Any V_inf is above threshold at all.
    below_v_inf: bool,
    /// mV.
    pub v_inf: Vec<f64>,
    pub lif: LifColumns,
}

/// How neurons decay.
#[derive(Clone)]
pub(super) enum Decays {
    /// All in one way.
    Shared { decay: Decay, phase: Phase },
    /// Each in its own.
    Own(Own),
}

/// Decays by position in the block.
#[derive(Clone)]
pub(super) struct Own {
    phases: Phases,
    /// Of an octave, beyond whole ones, at the start of the pass, and octaves per ms: beside each other, because an arrival needs both.
    pub courses: Table<[f64; 2]>,
    /// Octaves per ms once more: where all neurons are compared, what they do not need is not read.
    rates: Vec<f64>,
    /// Scaled thresholds at the start of the pass, in units; of time 0 where nothing excites the neurons.
    thresholds: Vec<f64>,
}

impl Members {
    pub fn new(lattice: Lattice, passes: Passes, neurons: usize, lif: LifColumns) -> Self {
        let decays = match lif.lif.tau_m.shared() {
            Some(tau_m) => Decays::Shared { decay: Decay::new(tau_m, passes), phase: Phase::default() },
            None => {
                let decay = |n: usize| Decay::new(lif.lif.tau_m.get(lif.first + n), passes);
                let decays: Vec<Decay> = (0..neurons).map(decay).collect();
                let mut courses = table([0.0; 2]);
                courses.iter_mut().zip(&decays).for_each(|([_, rate], decay)| *rate = decay.rate);
                let rates = decays.iter().map(|decay| decay.rate).collect();
                Decays::Own(Own { phases: Phases::new(decays), courses, rates, thresholds: vec![0.0; neurons] })
            }
        };
        let v_inf: Vec<f64> = (0..neurons).map(|n| v_inf(&lif.lif, lif.first + n, 0.0)).collect();
        let theta = (0..neurons).map(|n| lif.lif.v_th.get(lif.first + n) - v_inf[n]).collect();
        let mut members = Self {
            lattice,
            passes,
            pass: 0.0,
            decays,
            theta,
            alike: false,
            driven: false,
            below_v_inf: false,
            v_inf,
            lif,
        };
        members.compare();
        members
    }

    /// Finds out what the neurons have in common: after [`Members::set_v_inf`] too.
    pub fn compare(&mut self) {
        let shared = matches!(self.decays, Decays::Shared { .. });
        self.alike = shared && self.theta.iter().all(|theta| *theta == self.theta[0]);
        self.driven = self.theta.iter().any(|theta| self.lattice.is_driven(*theta));
        self.below_v_inf = self.theta.iter().any(|theta| *theta < 0.0);
        if let Decays::Own(own) = &mut self.decays {
            let fractions = own.courses.iter().map(|[fraction, _]| *fraction);
            scale(&mut own.thresholds, &self.theta, fractions, self.lattice.unit);
        }
    }

    pub fn len(&self) -> usize {
        self.theta.len()
    }

    /// Whether they have a threshold.
    pub fn fire(&self) -> bool {
        self.lif.lif.fires
    }

    pub fn decay(&self, n: usize) -> (Decay, Phase) {
        match &self.decays {
            Decays::Shared { decay, phase } => (*decay, *phase),
            Decays::Own(own) => {
                let decay = own.phases.decay(n);
                (decay, decay.phase(self.passes, self.pass))
            }
        }
    }

    /// Asks for the memory of neuron `n`.
    #[inline(always)]
    pub fn ask(&self, n: usize) {
        prefetch(&self.theta, n);
        prefetch(&self.v_inf, n);
        if let Decays::Own(own) = &self.decays {
            prefetch(own.phases.decays(), n);
        }
    }

    /// Asks for what [`Members::meet`] needs of neuron `n`.
    #[inline(always)]
    pub fn ask_when(&self, n: usize) {
        if !self.alike {
            prefetch(&self.theta, n);
        }
        if let Decays::Own(own) = &self.decays {
            prefetch(&own.courses[..], n);
        }
    }

    /// Bounds of when neurons at `u` that are driven meet threshold by themselves, ms: a little early.
    #[inline(always)]
    pub fn meet<I: Int, const N: usize>(&self, neurons: &[u16; N], u: &[I; N], times: &mut [f64; N]) {
        let (start, unit) = (self.pass - 1e-6 * self.passes.length, self.lattice.unit);
        let mut ratios = [0.0; N];
        match &self.decays {
            Decays::Shared { decay, phase } => {
                let growth = exp2(phase.fraction) * unit;
                if self.alike {
                    let per_unit = 1.0 / (self.theta[0] * growth);
                    for (ratio, u) in ratios.iter_mut().zip(u) {
                        *ratio = u.to_f64() * per_unit;
                    }
                } else {
                    for ((ratio, u), n) in ratios.iter_mut().zip(u).zip(neurons) {
                        *ratio = u.to_f64() / (self.theta[*n as usize] * growth);
                    }
                }
                let per_octave = 1.0 / decay.rate;
                for (time, ratio) in times.iter_mut().zip(&ratios) {
                    *time = start + octaves(*ratio) * per_octave;
                }
            }
            Decays::Own(own) => {
                for ((ratio, u), n) in ratios.iter_mut().zip(u).zip(neurons) {
                    *ratio = u.to_f64() / (self.theta[*n as usize] * unit);
                }
                for ((time, ratio), n) in times.iter_mut().zip(&ratios).zip(neurons) {
                    let [fraction, rate] = own.courses[*n as usize];
                    *time = start + (octaves(*ratio) - fraction) / rate;
                }
            }
        }
    }

    /// log2 of the growth of each target at its time, ms.
    #[inline(always)]
    pub fn exponents(&self, targets: &[u16; LINE], times: &[f64; LINE], exponents: &mut [f64; LINE]) {
        match &self.decays {
            Decays::Shared { decay, phase } => {
                for (x, time) in exponents.iter_mut().zip(times) {
                    *x = phase.fraction + (time - self.pass) * decay.rate;
                }
            }
            Decays::Own(own) => {
                for ((x, time), n) in exponents.iter_mut().zip(times).zip(targets) {
                    let [fraction, rate] = own.courses[*n as usize];
                    *x = fraction + (time - self.pass) * rate;
                }
            }
        }
    }

    /// growth * unit of neuron `n` at `time` ms, which is in the present pass.
    #[inline(always)]
    pub fn factor(&self, n: usize, time: f64) -> f64 {
        let after = time - self.pass;
        let growth = match &self.decays {
            Decays::Shared { decay, phase } => decay.growth(phase.fraction, after),
            Decays::Own(own) => {
                let [fraction, rate] = own.courses[n];
                exp2(fraction + after * rate)
            }
        };
        growth * self.lattice.unit
    }

    /// What the scaled thresholds of neurons `first ..`, in units, do not fall below in a window.
    #[inline(always)]
    pub fn levels(&self, first: usize, window: Span, levels: &mut [f64]) {
        let (from, until) = (window.from - self.pass, window.until - self.pass);
        let theta = &self.theta[first..first + levels.len()];
        match &self.decays {
            Decays::Shared { decay, phase } => {
                let low = decay.growth(phase.fraction, from) * self.lattice.unit;
                let high = decay.growth(phase.fraction, until) * self.lattice.unit;
                for (level, theta) in levels.iter_mut().zip(theta) {
                    *level = theta * if *theta > 0.0 { low } else { high };
                }
            }
            Decays::Own(own) => {
                let all = own.rates[first..].iter().zip(&own.thresholds[first..]);
                for (level, (rate, threshold)) in levels.iter_mut().zip(all) {
                    *level = threshold * at_most(from * rate);
                }
                if self.below_v_inf {
                    for ((n, level), theta) in (first..).zip(levels).zip(theta).filter(|(_, theta)| **theta < 0.0) {
                        *level = theta * self.factor(n, window.until);
                    }
                }
            }
        }
    }

    /// The same of one neuron.
    #[inline(always)]
    pub fn level(&self, n: usize, window: Span) -> f64 {
        let mut level = [0.0];
        self.levels(n, window, &mut level);
        level[0]
    }

    /// Whether a neuron at `u` may reach threshold in a window.
    #[inline(always)]
    pub fn may_reach<I: Int>(&self, n: usize, u: I, window: Span) -> bool {
        u.to_f64() >= Lattice::below(self.level(n, window))
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
        u.halved(phase.since(decay.phase(self.passes, start)))
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

    /// Goes to the pass of `time`; calls `halve` with the first of some neurons, and by how many octaves each decays on the way. Their thresholds
    /// are needed where they are `excited`.
    #[inline(always)]
    pub fn go_to(&mut self, time: f64, excited: bool, mut halve: impl FnMut(usize, &[u64])) {
        let pass = self.passes.start(time);
        if pass == self.pass {
            return;
        }
        let numbers = (self.passes.number(self.pass), self.passes.number(pass));
        self.pass = pass;
        let neurons = self.theta.len();
        let (mut octaves, mut fractions) = ([0; HALVED], [0.0; HALVED]);
        if let Decays::Shared { decay, phase } = &mut self.decays {
            *phase = decay.phase_of(numbers.1);
            octaves.fill(phase.since(decay.phase_of(numbers.0)));
        }
        for first in (0..neurons).step_by(HALVED) {
            let len = HALVED.min(neurons - first);
            if let Decays::Own(own) = &mut self.decays {
                own.phases.go_to(numbers, first, &mut octaves[..len], &mut fractions[..len]);
                for ([here, _], fraction) in own.courses[first..].iter_mut().zip(&fractions[..len]) {
                    *here = *fraction;
                }
                if excited {
                    let here = first..first + len;
                    scale(
                        &mut own.thresholds[here.clone()],
                        &self.theta[here],
                        fractions.iter().copied(),
                        self.lattice.unit,
                    );
                }
            }
            halve(first, &octaves[..len]);
        }
    }
}

/// log2 of a number or a little less; of one that is at V_inf or above it, as of one next to it.
#[inline(always)]
fn octaves(ratio: f64) -> f64 {
    log2_below(ratio.max(f64::MIN_POSITIVE))
}

/// 2^x or a little less, for x >= 0: the first terms of its series.
#[inline(always)]
fn at_most(x: f64) -> f64 {
    let y = x * std::f64::consts::LN_2;
    1.0 + y * (1.0 + y * (0.5 + y * (1.0 / 6.0)))
}

/// Finds scaled thresholds.
#[inline(always)]
fn scale(thresholds: &mut [f64], theta: &[f64], fractions: impl Iterator<Item = f64>, unit: f64) {
    for ((threshold, theta), fraction) in thresholds.iter_mut().zip(theta).zip(fractions) {
        *threshold = theta * (exp2(fraction) * unit);
    }
}
