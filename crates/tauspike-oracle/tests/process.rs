//! Poisson processes: their statistics, their windows, and that they are drawn as documented.
#![allow(clippy::disallowed_methods, reason = "tests compare and time")]

use std::sync::Arc;
use tauspike_network::column::Column;
use tauspike_network::population::{Rate, Signal};
use tauspike_oracle::process::{Process, poisson_events, value_at};
use tauspike_spike::Domain;
use tauspike_spike::draw::{block, unit_open_zero};

const PROCESS: Process = Process { seed: 11, ordinal: 3, neuron: 7, member: 0 };

fn rate(base_hz: f64, profile: Option<Signal>) -> Rate {
    Rate { base_hz: Column::Shared(base_hz), profile: profile.map(Arc::new), start: 0.0, stop: f64::INFINITY }
}

#[test]
fn the_first_events_come_from_the_first_two_words() {
    let words = block(11, Domain::poisson(3), 7, 0);
    let first = -unit_open_zero(words[0]).ln() / 0.05;
    let second = first - unit_open_zero(words[1]).ln() / 0.05;
    assert_eq!(poisson_events(PROCESS, &rate(50.0, None), 1000.0)[..2], [first, second]);
}

#[test]
fn count_and_profile_are_those_of_a_poisson_process() {
    // 1000 Hz for 100 s: mean 1e5, standard deviation 316
    let count = poisson_events(PROCESS, &rate(1000.0, None), 1e5).len() as f64;
    assert!((count - 1e5).abs() < 5.0 * 316.0, "{count}");
    // twice as dense in the second half
    let profile = Signal { times: vec![0.0, 5e4], values: vec![0.5, 1.0] };
    let events = poisson_events(PROCESS, &rate(1000.0, Some(profile)), 1e5);
    let early = events.iter().filter(|&&time| time < 5e4).count() as f64;
    let late = events.len() as f64 - early;
    assert!((early - 2.5e4).abs() < 5.0 * 158.0 && (late - 5e4).abs() < 5.0 * 224.0, "{early} {late}");
}

#[test]
fn nothing_happens_outside_the_window_or_at_rate_0() {
    let window = Rate { start: 10.0, stop: 20.0, ..rate(1e4, None) };
    let events = poisson_events(PROCESS, &window, 100.0);
    assert!(events.len() > 50 && events.iter().all(|time| (10.0..20.0).contains(time)));
    assert!(poisson_events(PROCESS, &rate(0.0, None), 100.0).is_empty());
    let silent = Signal { times: vec![0.0], values: vec![0.0] };
    assert!(poisson_events(PROCESS, &rate(100.0, Some(silent)), 100.0).is_empty());
}

#[test]
fn a_signal_is_0_before_its_first_time_and_holds_its_last_value() {
    let signal = Signal { times: vec![1.0, 2.0], values: vec![5.0, 6.0] };
    assert_eq!([0.0, 1.0, 1.9, 2.0, 99.0].map(|time| value_at(&signal, time)), [0.0, 5.0, 5.0, 6.0, 6.0]);
}
