//! Whether potentials may grow beyond what their integers hold.
//!
//! Before an epoch, what can arrive at one neuron in it is bounded: by the synapses onto it and by how often a source can fire in that
//! time, and for private input by a number of events that is exceeded with a chance below 1e-60. Where 64 bits are not certain to be
//! enough the block goes on with 128, which hold the same integers. So nothing ever wraps.

use crate::block::deliver::Arriving;
use crate::block::scaled::kind::Reach;
use crate::block::scaled::room::Spread;
use crate::inputs::process::Process;
use crate::transit::plan::Incoming;
use tauspike_network::fanout::{Block, FanOut, Projection};
use tauspike_network::input::Drive;
use tauspike_network::network::Network;
use tauspike_network::population::Cells;
use tauspike_neuron::elementary::ln;

/// Epochs between two looks at all potentials below which those that something has come to are looked at after each.
const FEW_EPOCHS: f64 = 24.0;

/// Bounds for one block.
#[derive(Clone)]
pub(super) struct Headroom {
    /// By projection of the network.
    onto: Vec<Onto>,
    private: Vec<Private>,
    reach: Reach,
    /// The weight that lifts V by as much as a current that was set may move V_inf by.
    set: f64,
    /// Largest sum of |weight| of what has been injected into the epoch onto one neuron, mV or pA.
    injected: f64,
    /// Of the last epoch: its length, ms, how often a source of each projection may fire in it, and what private input may bring, in mV or pA.
    length: f64,
    spikes: Vec<f64>,
    of_private: f64,
    /// Of each projection, how much arrives.
    counts: Vec<usize>,
    /// What may be added to any neuron before potentials have to be looked at again, in units, and what that was after the last look.
    left: f64,
    full: f64,
    /// What was last found to arrive at one neuron in an epoch at most, in units.
    most: f64,
    /// Potentials are within so many units; infinite if that is not known.
    peak: f64,
    limit: f64,
}

/// Synapses of one projection onto the block.
#[derive(Clone, Copy)]
struct Onto {
    /// Largest sums of |weight| at a neuron in mV or pA; none if weights are known only when drawn.
    weight: Option<Weight>,
    pace: Pace,
}

#[derive(Clone, Copy, PartialEq)]
struct Weight {
    /// Over all sources.
    of_all: f64,
    /// Over the synapses of one source.
    of_one: f64,
}

impl Weight {
    const NONE: Self = Self { of_all: 0.0, of_one: 0.0 };
}

/// How often one source may fire.
#[derive(Clone, Copy)]
enum Pace {
    /// Not within this time, ms, of the last.
    Interval(f64),
    /// As a Poisson process, events per ms.
    Rate(f64),
}

#[derive(Clone, Copy)]
struct Private {
    /// Largest |weight|, mV or pA, and rate, events per ms.
    weight: f64,
    rate: f64,
}

impl Onto {
    /// How often one source may fire in `length` ms.
    fn spikes(&self, length: f64) -> f64 {
        match self.pace {
            Pace::Interval(interval) => (length / interval).floor() + 1.0,
            Pace::Rate(rate) => most_events(rate * length),
        }
    }
}

impl Headroom {
    /// Of block number `ordinal` of its population.
    pub fn new(network: &Network, block: Block, ordinal: usize, reach: Reach) -> Self {
        let onto = network.projections().iter().map(|projection| match projection.target == block.population {
            true => {
                Onto { weight: at_one(network, projection, block, ordinal), pace: pace(network, projection.source) }
            }
            false => Onto { weight: Some(Weight::NONE), pace: Pace::Interval(f64::INFINITY) },
        });
        let private = network.inputs().iter().filter(|input| input.population == block.population);
        let private = private.filter_map(|input| match &input.drive {
            Drive::Poisson { rate, weight } => {
                let process = Process::new(network.seed(), 0, rate);
                let members = 0..input
                    .members
                    .as_ref()
                    .map_or(network.populations()[block.population as usize].range().len(), Vec::len);
                let weight = members.clone().map(|m| weight.get(m).abs()).fold(0.0, f64::max);
                let rate = members.map(|m| process.per_ms(rate.base_hz.get(m))).fold(0.0, f64::max);
                Some(Private { weight, rate })
            }
            Drive::Current { .. } => None,
        });
        Self {
            onto: onto.collect(),
            private: private.collect(),
            reach,
            set: 0.0,
            injected: 0.0,
            length: f64::NAN,
            spikes: Vec::new(),
            of_private: 0.0,
            counts: Vec::new(),
            left: 0.0,
            full: f64::INFINITY,
            most: 0.0,
            peak: f64::INFINITY,
            limit: 0.0,
        }
    }

    /// A bound of what may arrive at one neuron in an epoch of `length` ms, in units, found without going through all that arrives.
    pub fn most(&mut self, length: f64, arriving: &Arriving, spread: &Spread) -> f64 {
        if length != self.length {
            self.length = length;
            self.spikes = self.onto.iter().map(|onto| onto.spikes(length)).collect();
            let most = |private: &Private| private.weight * most_events(private.rate * length);
            self.of_private = self.private.iter().map(most).sum();
        }
        self.counts.clear();
        self.counts.resize(self.onto.len(), spread.len());
        spread.runs().into_iter().flatten().for_each(|run| self.counts[run.projection as usize] += 1);
        if let Incoming::Sorted { pieces, .. } = arriving.incoming() {
            pieces.iter().for_each(|piece| self.counts[piece.projection as usize] += 1);
        }
        let all = self.onto.iter().zip(&self.spikes).zip(&self.counts).zip(0..);
        let synaptic = all.map(|(((onto, spikes), count), projection)| match onto.weight {
            Some(Weight::NONE) => 0.0,
            Some(weight) => (weight.of_all * spikes).min(weight.of_one * *count as f64),
            None => of_drawn(arriving, spread, |piece| piece == projection),
        });
        self.most = (synaptic.sum::<f64>() + self.of_private + self.injected) * self.reach.units;
        self.most
    }

    /// What arrives at one neuron in the epoch that was last bounded, in units.
    pub fn exactly(&self, arriving: &Arriving, spread: &Spread) -> f64 {
        (of_drawn(arriving, spread, |_| true) + self.of_private + self.injected) * self.reach.units
    }

    /// What a weight, in mV or pA, is, in units, with whatever a neuron does by itself, and with private arrivals at the same instant, to the last bit:
    /// never so many.
    pub fn at_once(&self, weight: f64) -> f64 {
        let private: f64 = self.private.iter().map(|private| 8.0 * private.weight).sum();
        (weight + private) * self.reach.units + self.jump()
    }

    /// Sets so much aside, if it is left.
    pub fn take(&mut self, units: f64) -> bool {
        let enough = units <= self.left;
        self.left -= if enough { units } else { 0.0 };
        enough
    }

    /// Whether a look may be enough for so much to be left.
    pub fn is_worth_a_look(&self, units: f64) -> bool {
        units <= self.full
    }

    /// Potentials are within `peak` units; they may come to `limit`.
    pub fn look(&mut self, peak: f64, limit: f64) {
        (self.peak, self.limit) = (peak, limit);
        self.left = self.not_used();
        self.full = self.left;
    }

    fn not_used(&self) -> f64 {
        // a neuron that wakes up, or a step, brings a potential that nobody has seen
        self.limit - self.peak - self.jump()
    }

    /// Whether all potentials would have to be looked at every few epochs, if those were not that something has come to.
    pub fn is_scarce(&self) -> bool {
        self.full < FEW_EPOCHS * self.most
    }

    /// Those potentials that something has come to are within `peak` units; none if nobody has looked.
    pub fn follow(&mut self, peak: Option<f64>) {
        self.peak = peak.map_or(f64::INFINITY, |peak| peak.max(self.peak));
        self.left = self.left.max(self.not_used());
    }

    /// Most that a current step, or an end of refractoriness, moves a potential by, in units.
    pub fn jump(&self) -> f64 {
        4.0 * (self.reach.scale + self.set) * self.reach.units
    }

    /// Up to so many units of [`Headroom::jump`] come with a current that moves V_inf by `mv`.
    pub fn jump_with(&self, mv: f64) -> f64 {
        4.0 * (self.reach.scale + self.set.max(mv * self.reach.per_mv)) * self.reach.units
    }

    /// A current moves V_inf by up to `mv`.
    pub fn expect_current(&mut self, mv: f64) {
        self.set = self.set.max(mv * self.reach.per_mv);
        self.forget();
    }

    /// Arrivals of so many mV or pA at one neuron have been injected into the epoch.
    pub fn expect_injected(&mut self, weight: f64) {
        self.injected = weight;
    }

    /// A source of these projections may fire as a Poisson process of this rate, events per ms; if there is none, as often as it likes.
    pub fn expect_spikes(&mut self, projections: impl Iterator<Item = usize>, rate: Option<f64>) {
        for projection in projections {
            let pace = &mut self.onto[projection].pace;
            *pace = match (*pace, rate) {
                (Pace::Rate(known), Some(rate)) => Pace::Rate(known.max(rate)),
                _ => Pace::Interval(0.0),
            };
        }
        self.length = f64::NAN;
    }

    /// Private input number `number` comes at up to this rate, events per ms.
    pub fn expect_private(&mut self, number: usize, rate: f64) {
        self.private[number].rate = rate;
        self.length = f64::NAN;
    }

    /// Potentials have moved otherwise than by arrivals.
    pub fn forget(&mut self) {
        self.left = 0.0;
        self.peak = f64::INFINITY;
    }
}

/// The largest sums of |weight| of a projection at a neuron of the block.
fn at_one(network: &Network, projection: &Projection, block: Block, ordinal: usize) -> Option<Weight> {
    match &projection.fan_out {
        FanOut::Stored(blocks) => {
            let rows = &blocks[ordinal];
            // of all rows so far, and before the present row
            let mut sums = vec![(0.0f64, 0.0f64, 0u32); block.len as usize];
            let mut of_one = 0.0f64;
            for row in rows.sources() {
                for k in rows.row(row) {
                    let (sum, before, last) = &mut sums[rows.targets[k] as usize];
                    if *last != row + 1 {
                        (*before, *last) = (*sum, row + 1);
                    }
                    *sum += rows.weights.get(k).abs();
                    of_one = of_one.max(*sum - *before);
                }
            }
            // a difference of sums carries their rounding
            Some(Weight {
                of_all: sums.iter().map(|(sum, ..)| *sum).fold(0.0, f64::max),
                of_one: of_one * (1.0 + 1e-6),
            })
        }
        FanOut::Procedural(procedural) => {
            let targets = network.populations()[projection.target as usize].range().len();
            let mean = procedural.synapses() as f64 / targets as f64;
            let of_all = most_events(mean);
            procedural.weight().map(|weight| Weight { of_all: weight.abs() * of_all, of_one: weight.abs() * of_all })
        }
    }
}

/// The largest sum of |weight| at a neuron over all rows of some projections that arrive, or over all that is spread, in mV or pA.
fn of_drawn(arriving: &Arriving, spread: &Spread, counts: impl Fn(u32) -> bool) -> f64 {
    let mut sums = vec![0.0; arriving.block.len as usize];
    let Incoming::Sorted { pieces, .. } = arriving.incoming() else {
        spread.each(|target, weight| sums[target as usize] += weight.abs());
        for run in spread.runs().into_iter().flatten() {
            let (rows, synapses) = arriving.synapses(run);
            synapses.for_each(|synapse| sums[rows.targets[synapse] as usize] += rows.weights.get(synapse).abs());
        }
        return sums.into_iter().fold(0.0, f64::max);
    };
    for piece in pieces.iter().filter(|piece| counts(piece.projection)) {
        let (rows, row) = arriving.row_of(piece);
        row.for_each(|synapse| sums[rows.targets[synapse] as usize] += rows.weights.get(synapse).abs());
    }
    sums.into_iter().fold(0.0, f64::max)
}

fn pace(network: &Network, source: u32) -> Pace {
    let population = &network.populations()[source as usize];
    let members = 0..population.range().len();
    match &population.cells {
        Cells::Lif(lif) => Pace::Interval(members.map(|m| lif.t_ref.get(m)).fold(f64::INFINITY, f64::min)),
        Cells::Poisson(rate) => {
            let process = Process::new(network.seed(), 0, rate);
            Pace::Rate(members.map(|m| process.per_ms(rate.base_hz.get(m))).fold(0.0, f64::max))
        }
        Cells::Trains(trains) => {
            let intervals = trains.iter().flat_map(|train| train.windows(2).map(|pair| pair[1] - pair[0]));
            Pace::Interval(intervals.fold(f64::INFINITY, f64::min))
        }
    }
}

/// A number that a Poisson or binomial variable of this mean exceeds with a chance below e^-140, by Chernoff's bound.
fn most_events(mean: f64) -> f64 {
    if mean == 0.0 {
        return 0.0;
    }
    // k ln(k / m) - k + m grows with k beyond m; twice the distance until it is enough, at most 11 % beyond what is needed
    let mut beyond = 1.0;
    while (mean + beyond) * ln((mean + beyond) / mean) - beyond < 140.0 {
        beyond *= 1.125;
    }
    mean + beyond
}

#[cfg(test)]
mod tests {
    use super::{ln, most_events};

    #[test]
    fn a_number_of_events_that_never_is_exceeded() {
        // P(X > k) <= sum of m^j e^-m / j! over j > k, of which the first term is nearly all
        for mean in [1e-9, 0.01, 1.0, 30.0, 1000.0, 1e6] {
            let most = most_events(mean);
            let chance = most - mean - most * ln(most / mean);
            assert!((-180.0..=-140.0).contains(&chance), "{mean}: {most}, {chance}");
        }
        assert_eq!(most_events(0.0), 0.0);
    }
}
