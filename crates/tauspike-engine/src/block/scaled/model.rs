//! What a model of a neuron is to the engine: a cell of integers for each neuron, to which arrivals add, and rules that say when one may
//! have fired, and when it did.

use crate::block::divided::Divided;
use crate::block::guard::Guard;
use crate::block::scaled::marks::Marks;
use crate::block::scaled::table::LINE;
use crate::block::signs::Side;
use crate::inputs::currents::Currents;
use crate::transit::span::Span;
use std::fmt::Debug;
use tauspike_neuron::{Int, Membrane, Passes};

/// The cells of a block, by position in it.
pub(super) type Cells<M> = [<M as Model>::Cell; 1 << 16];

/// Neurons of a block, all but their cells, which arrivals are added to while this is only read.
pub(crate) trait Model: Clone + Send + Sync {
    type Int: Int;
    /// The integers of a neuron.
    type Cell: Copy + PartialEq + Debug + Send + Sync;
    /// What an arrival adds to them.
    type Value: Copy + Default + Send + Sync;
    /// What an arrival of weight 1 adds, before it is rounded.
    type Factor: Copy + Send + Sync;

    fn len(&self) -> usize;
    fn passes(&self) -> Passes;
    /// Start of the pass in which the cells stand, ms.
    fn pass(&self) -> f64;
    /// Goes to the pass of `time`.
    fn go_to(&mut self, cells: &mut Cells<Self>, time: f64);

    /// Whether all neurons have one factor at one time.
    fn is_uniform(&self) -> bool;
    /// What arrivals of weight 1 at neuron `n` are multiplied by at `time` ms, which is in the present pass.
    fn factor(&self, side: Side, n: usize, time: f64) -> Self::Factor;
    /// The factors of all neurons at each of these times, ms, if all have one.
    fn factors(&self, side: Side, times: &[f64; LINE]) -> [Self::Factor; LINE];
    fn value(weight: f64, factor: &Self::Factor) -> Self::Value;
    /// The same of a line with one factor.
    fn line(weights: &[f64; LINE], factor: &Self::Factor) -> [Self::Value; LINE];
    /// The values of a line of arrivals.
    fn values(&self, side: Side, arrivals: (&[u16; LINE], &[f64; LINE]), weights: &[f64; LINE]) -> [Self::Value; LINE];
    fn add(cell: &mut Self::Cell, side: Side, value: Self::Value);
    fn take_away(cell: &mut Self::Cell, side: Side, value: Self::Value);

    /// Marks neurons that have to be looked at in a window whatever arrives. Returns how many it compares for that.
    fn begin_window(&mut self, cells: &Cells<Self>, window: Span, marks: &mut Marks) -> usize;
    /// Whether cells have to be prepared before anything is added to them.
    #[inline(always)]
    fn is_lazy(&self) -> bool {
        false
    }
    /// Prepares the cells of these neurons.
    fn prepare(&mut self, _: &mut Cells<Self>, _: &[u16]) {}
    /// Looks again at the neurons that [`Model::may_fire`] has marked, all excitation of the window having been added.
    fn sift(&mut self, _: &Cells<Self>, _: Span, _: &mut Marks) {}
    /// Makes the best of so many arrivals at a neuron in a ms; no bit depends on it.
    fn adapt(&mut self, _: &mut Cells<Self>, _: f64) {}
    /// Whether neurons that nothing comes to have to be compared in each window.
    fn fires_alone(&self) -> bool;
    /// What comparing a neuron costs, in terms of what it costs where all have one time constant: measured.
    fn comparison(&self) -> usize {
        1
    }
    /// Marks all neurons that may fire in a window, all its excitation having been added, and no inhibition.
    fn sweep(&self, cells: &Cells<Self>, window: Span, marks: &mut Marks);
    /// The same of one neuron.
    fn may_fire(&self, n: usize, cell: &Self::Cell, window: Span) -> bool;
    /// Asks for the memory of neuron `n`, which is to be resolved.
    fn ask(&self, n: usize);
    /// Takes neuron `n` through what has arrived at it in a window, `hits` in the order of time, which has been added to its cell.
    fn resolve(
        &mut self,
        at: (usize, u32),
        cells: &mut Cells<Self>,
        hits: &[HitOf<Self>],
        window: Span,
        found: &mut Found,
    );

    /// Something is to excite them that their network does not have.
    fn excite(&mut self) {}
    /// By how much a current, pA, moves V_inf of neuron `n`, mV.
    fn moves_v_inf(&self, n: usize, current: f64) -> f64;
    /// V_inf that the present current drives neuron `n` to, and V_inf now, mV.
    fn driven_to(&self, n: usize, currents: &Currents) -> (f64, f64);
    /// Moves V_inf of neuron `n` from `time` on, ms; V stays.
    fn drive(&mut self, n: usize, cells: &mut Cells<Self>, time: f64, v_inf: f64);
    /// After [`Model::drive`] of whatever neurons.
    fn driven(&mut self, cells: &Cells<Self>);

    /// Size of what stands in a cell, in units; what is of no meaning is taken away first.
    fn size(&self, n: usize, cell: &mut Self::Cell) -> f64;
    /// Largest size of what stands in any cell, in units.
    fn peak(&self, cells: &mut Cells<Self>) -> f64 {
        cells[..self.len()].iter_mut().enumerate().map(|(n, cell)| self.size(n, cell)).fold(0.0, f64::max)
    }
    /// Largest size of what stands in any of the cells of these neurons, in units.
    fn peak_of(&self, neurons: &[u16], cells: &mut Cells<Self>) -> f64 {
        neurons.iter().map(|&n| self.size(n.into(), &mut cells[n as usize])).fold(0.0, f64::max)
    }
    /// Potential and currents of neuron `n` at `time` ms, to which all has arrived.
    fn membrane(&self, n: usize, cells: &Cells<Self>, time: f64) -> Membrane;
    /// A time before which no neuron fires by itself, ms, all before `now` being done.
    fn next(&self, cells: &Cells<Self>, now: f64) -> f64;
    /// Begins to keep its own times anew at `now`: window by window, of `width` ms at most.
    fn restart(&mut self, cells: &Cells<Self>, now: f64, width: f64);
    /// Begins to go instant by instant, where a queue keeps its times.
    fn begin_instants(&mut self, cells: &mut Cells<Self>);

    /// Instant by instant: when neuron `n` fires by itself, ms, or a time before that and after `now`.
    fn wake(&self, n: usize, cells: &Cells<Self>, now: f64) -> f64;
    /// Instant by instant: the first of the arrivals (time in ms, weight), in order, that may make neuron `n` fire, or comes in a later pass.
    fn alarm(&self, n: usize, cells: &Cells<Self>, now: f64, arrivals: impl Iterator<Item = (f64, f64)>) -> f64;

    /// Operations of its calendar.
    fn queue_operations(&self) -> u64;
    /// Bytes of one neuron beside its cell.
    const BYTES: usize;
}

/// An arrival at a neuron that may fire.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit<F, V> {
    /// ms.
    pub time: f64,
    pub side: Side,
    pub factor: F,
    pub value: V,
}

/// Of a model.
pub(crate) type HitOf<M> = Hit<<M as Model>::Factor, <M as Model>::Value>;

/// Spikes and what it took to find them.
pub(crate) struct Found<'a> {
    pub guard: Guard<'a>,
    pub spikes: &'a mut Vec<tauspike_spike::Spike>,
    pub tested: u64,
    pub solved: u64,
}

/// What a snapshot keeps of a model.
pub(crate) trait Saves: Model {
    type State: Divided;

    /// At `now` ms, to which all has been done.
    fn save(&self, cells: &Cells<Self>, now: f64) -> Self::State;
    /// Whether its integers hold what was saved, on the lattice of now.
    fn has_room_for(&self, saved: &Self::State) -> bool;
    /// Takes up what was saved of a run that had come to `now` ms; none if it does not fit.
    fn load(&mut self, cells: &mut Cells<Self>, saved: &Self::State, now: f64) -> Option<()>;
}
