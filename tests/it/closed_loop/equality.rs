//! Random acts at random times, in pieces, on any threads, saved in the middle: the same spikes as if all had been described.

use crate::closed_loop::plan::{Act, E, END, FIRST_SOURCE, Kind, SET, SOURCES, bits, played, run};
use proptest::prelude::*;
use tauspike_engine::{Options, Schedule};

/// A time from `after` on, at most 12 ms later, and before the end.
fn later(after: f64, lead: u32) -> f64 {
    (after + f64::from(lead) / 64.0).min(END - 1.0)
}

prop_compose! {
    /// What is done, and when: at the time itself, or up to 12 ms before; often twice at one time.
    fn acts(unit: f64, most: usize)(
        drawn in prop::collection::vec((0..60 * 64u32, 0..3u8, prop_oneof![Just(0), 0..768u32], 0..1000u32, -1.0..2.5f64), 1..most)
    ) -> Vec<(f64, Act)> {
        let mut acts: Vec<(f64, Act)> = drawn.into_iter().map(|(when, kind, lead, whom, size)| {
            // no arrival is described of a spike before 0
            let when = (f64::from(when) / 64.0).clamp(0.5, END - 1.0);
            let time = later(when, lead);
            (when, match kind {
                0 => Act::Fire { source: FIRST_SOURCE + whom % SOURCES, time },
                // now and then more than 64 bits hold
                1 => Act::Arrive { neuron: whom % E, time, weight: size * unit * if whom > 980 { 1e5 } else { 6.0 } },
                _ => Act::Current { neuron: whom % SET, time, value: 200.0 * size },
            })
        }).collect();
        acts.sort_by(|a, b| a.0.total_cmp(&b.0));
        acts
    }
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop::sample::select(Kind::all())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_is_done_while_running_equals_what_is_described(
        (kind, acts) in kinds().prop_flat_map(|kind| (Just(kind), acts(kind.unit(), 60))),
        threads in 1..4usize,
        every in prop_oneof![Just(usize::MAX), 1..20usize],
        instants in any::<bool>(),
    ) {
        let alone: Vec<Act> = acts.iter().map(|(_, act)| *act).collect();
        let expected = bits(&run(&kind.described(&alone), &Options::default()));
        let schedule = if instants { Schedule::Instants } else { Schedule::Automatic };
        let options = Options { threads, schedule, ..Options::default() };
        prop_assert_eq!(bits(&played(&kind.network(), &acts, &options, every)), expected);
    }
}

#[test]
fn each_way_alone_has_an_effect_and_equals_its_description() {
    for kind in Kind::all() {
        let nothing = bits(&run(&kind.network(), &Options::default()));
        let times = || (0..80).map(|k| 3.0 + f64::from(k) * 0.625);
        let fire: Vec<Act> =
            (0..).zip(times()).map(|(k, time)| Act::Fire { source: FIRST_SOURCE + k % SOURCES, time }).collect();
        let weight = 20.0 * kind.unit();
        let arrive: Vec<Act> =
            (0..).zip(times()).map(|(k, time)| Act::Arrive { neuron: k % E, time, weight }).collect();
        let current: Vec<Act> = (0..)
            .zip(times())
            .map(|(k, time)| Act::Current { neuron: k % SET, time, value: 3000.0 * f64::from(k % 3) - 100.0 })
            .collect();
        for acts in [fire, arrive, current] {
            let expected = bits(&run(&kind.described(&acts), &Options::default()));
            assert_ne!(expected, nothing, "{kind:?}, {:?}", acts[0]);
            for (lead, threads) in [(0.0, 1), (2.5, 2)] {
                let at = |act: &Act| match *act {
                    Act::Fire { time, .. } | Act::Arrive { time, .. } | Act::Current { time, .. } => {
                        (time - lead, *act)
                    }
                };
                let timed: Vec<(f64, Act)> = acts.iter().map(at).collect();
                let options = Options { threads, ..Options::default() };
                assert_eq!(bits(&played(&kind.network(), &timed, &options, 7)), expected, "{kind:?}, {:?}", acts[0]);
            }
        }
    }
}
