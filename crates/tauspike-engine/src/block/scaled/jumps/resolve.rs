//! One neuron that may fire, instant by instant.

use crate::block::scaled::jumps::members::Members;
use crate::block::scaled::model::{Found, Hit};
use crate::block::signs::Side;
use crate::transit::span::Span;
use tauspike_neuron::{Int, Lattice};

/// What is known of a neuron.
#[derive(Clone, Copy, Debug)]
pub(super) struct State<I> {
    pub u: I,
    /// End of refractoriness, or the last step of the current if that is later, ms.
    pub since: f64,
    /// Refractory until a time that is not before the end of the window: `u` says nothing.
    pub asleep: bool,
}

/// Brings neuron `n` from the start of `window` to its end. `hits` are in the order of time. Where it is woken in the window, arrivals
/// before that are lost. A function of what arrives alone: beginning again anywhere between two instants gives the same.
pub(super) fn resolve<I: Int>(
    members: &Members,
    (n, source): (usize, u32),
    state: State<I>,
    hits: &[Hit<f64, I>],
    window: Span,
    found: &mut Found,
) -> State<I> {
    let theta = members.theta[n];
    let driven = members.lattice.is_driven(theta);
    let mut neuron = Neuron { members, n, u: state.u, since: state.since, asleep: false };
    if state.asleep {
        neuron.wake();
    }
    let mut next = 0;
    loop {
        let instant = hits.get(next).map_or(window.until, |hit| hit.time);
        // who starts at threshold fires then, though its crossing may round to a little later
        let own = match window.from == 0.0 && next == 0 && neuron.starts_above(theta) {
            true => neuron.since,
            false if driven => neuron.crossing(found),
            false => f64::INFINITY,
        };
        if own < window.until && own <= instant {
            neuron.fire(own, source, window.until, found);
        } else if next == hits.len() {
            break;
        } else {
            let first = next;
            let mut excites = false;
            let mut u = neuron.u;
            while next < hits.len() && hits[next].time == instant {
                u = u.plus(hits[next].value);
                excites |= hits[next].side == Side::Excitation;
                next += 1;
            }
            if instant >= neuron.since {
                neuron.u = u;
                found.tested += 1;
                if excites && u >= Lattice::level(theta, hits[first].factor, next - first) {
                    neuron.fire(instant, source, window.until, found);
                }
            }
        }
        if neuron.asleep {
            break;
        }
    }
    State { u: neuron.u, since: neuron.since, asleep: neuron.asleep }
}

struct Neuron<'a, I> {
    members: &'a Members,
    n: usize,
    u: I,
    since: f64,
    asleep: bool,
}

impl<I: Int> Neuron<'_, I> {
    /// V is V_reset at the end of refractoriness, which is in the present pass or in one before.
    fn wake(&mut self) {
        self.u = self.members.awake(self.n, self.since);
        self.asleep = false;
    }

    /// V_init >= V_th, at time 0.
    fn starts_above(&self, theta: f64) -> bool {
        self.since == 0.0 && self.u >= Lattice::level(theta, self.members.lattice.unit, 0)
    }

    /// Of a neuron that is driven above threshold.
    fn crossing(&self, found: &mut Found) -> f64 {
        found.solved += 1;
        let (members, (decay, phase)) = (self.members, self.members.decay(self.n));
        let after = members.lattice.meets(self.u, members.theta[self.n], phase.fraction, decay.rate);
        let time = (members.pass + after).max(members.pass).max(self.since);
        // in the next pass it is another's to say
        if time < members.pass + members.passes.length { time } else { f64::INFINITY }
    }

    fn fire(&mut self, time: f64, source: u32, until: f64, found: &mut Found) {
        found.spikes.push(tauspike_spike::Spike { time, source });
        self.since = time + self.members.t_ref(self.n);
        self.asleep = true;
        if found.guard.pass(time, source).is_break() {
            self.since = f64::INFINITY;
        } else if self.since < until {
            self.wake();
        }
    }
}
