use super::*;
use tauspike_network::population::{Rate, Signal};

const END: f64 = 2000.0;
const NEURONS: u32 = 700;

fn rate(hz: Vec<f64>, profile: Option<Signal>) -> Rate {
    Rate { base_hz: Column::of(hz), profile: profile.map(Into::into), start: 0.0, stop: f64::INFINITY }
}

/// The lane of neurons `first .. first + len` of a population of [`NEURONS`].
fn lane(rate: &Rate, first: u32, len: u32) -> BulkLane {
    let process = Process::new(5, 3, rate);
    let range = fanout::Block { population: 0, first, len, work: len.into() };
    let per_ms = |n: u32| process.per_ms(rate.base_hz.get(n as usize));
    BulkLane::new(process.clone(), range, (0, NEURONS), per_ms, Column::Shared(0.1))
}

/// Times of each neuron's events, taken in spans that end at `ends`.
fn trains(mut lane: BulkLane, ends: impl IntoIterator<Item = f64>) -> Vec<Vec<f64>> {
    let (mut trains, mut from) = (vec![Vec::new(); lane.len as usize], 0.0);
    for until in ends {
        lane.take(Span { from, until });
        let (targets, times) = lane.due();
        targets.iter().zip(times).for_each(|(n, time)| trains[*n as usize].push(*time));
        from = until;
    }
    trains.iter_mut().for_each(|train| train.sort_by(f64::total_cmp));
    trains
}

fn alike() -> Rate {
    rate(vec![40.0; NEURONS as usize], None)
}

fn own() -> Rate {
    rate((0..NEURONS).map(|n| [0.0, 5.0, 40.0, 90.0][n as usize % 4]).collect(), None)
}

#[test]
fn numbers_of_events_are_those_of_poisson_processes() {
    for rate in [alike(), own()] {
        let trains = trains(lane(&rate, 0, NEURONS), [END]);
        let mut chi_squared = 0.0;
        for (n, train) in trains.iter().enumerate() {
            let mean = rate.base_hz.get(n) * 1e-3 * END;
            let off = train.len() as f64 - mean;
            assert!(off.abs() <= 5.0 * mean.sqrt(), "neuron {n}: {} events, expected {mean}", train.len());
            chi_squared += if mean > 0.0 { off * off / mean } else { 0.0 };
        }
        let degrees = trains.iter().filter(|train| !train.is_empty()).count() as f64;
        assert!((chi_squared - degrees).abs() < 4.0 * (2.0 * degrees).sqrt(), "{chi_squared} for {degrees}");
    }
}

#[test]
fn intervals_are_exponential_and_neurons_independent() {
    let trains = trains(lane(&alike(), 0, NEURONS), [END]);
    let mut intervals: Vec<f64> = trains.iter().flat_map(|t| t.windows(2).map(|w| (w[1] - w[0]) * 0.04)).collect();
    intervals.sort_by(f64::total_cmp);
    let n = intervals.len() as f64;
    let far = intervals.iter().enumerate().map(|(k, x)| ((k as f64 + 0.5) / n - (1.0 - f64::exp(-x))).abs());
    // Kolmogorov and Smirnov; an end of 2 s leaves out long intervals, by a thousandth or so
    assert!(far.fold(0.0, f64::max) < 2.0 / n.sqrt() + 1e-3);
    // counts of neighbours, and of one neuron in windows that follow each other, in cells of 1 ms
    let count =
        |train: &[f64], from: f64| train.iter().filter(|t| (from..from + 1.0).contains(*t)).count() as f64 - 0.04;
    let (mut neighbours, mut followers, mut pairs) = (0.0, 0.0, 0.0);
    for pair in trains.windows(2).take(40) {
        for k in 0..500 {
            let here = count(&pair[0], f64::from(k));
            neighbours += here * count(&pair[1], f64::from(k));
            followers += here * count(&pair[0], f64::from(k) + 1.0);
            pairs += 1.0;
        }
    }
    let error = 5.0 * 0.04 * f64::sqrt(pairs);
    assert!(
        neighbours.abs() < error && followers.abs() < error,
        "{neighbours} and {followers}, expected below {error}"
    );
}

#[test]
fn a_profile_thins() {
    let profile = Signal { times: vec![100.0, 500.0, 1500.0], values: vec![1.0, 0.25, 0.0] };
    let trains = trains(lane(&rate(vec![40.0; NEURONS as usize], Some(profile)), 0, NEURONS), [END]);
    for (from, until, hz) in [(0.0, 100.0, 0.0), (100.0, 500.0, 40.0), (500.0, 1500.0, 10.0), (1500.0, END, 0.0)] {
        let events = trains.iter().flatten().filter(|t| (from..until).contains(*t)).count() as f64;
        let mean = hz * 1e-3 * (until - from) * f64::from(NEURONS);
        assert!((events - mean).abs() <= 5.0 * mean.sqrt(), "{from} to {until}: {events}, expected {mean}");
    }
}

#[test]
fn neither_cuts_nor_blocks_show() {
    for rate in [alike(), own()] {
        let whole = trains(lane(&rate, 0, NEURONS), [END]);
        let cuts = (1..4000).map(|k| END * f64::from(k * k) / 16e6).chain([END]);
        assert_eq!(trains(lane(&rate, 0, NEURONS), cuts), whole);
        for (first, len) in [(0, 100), (100, 400), (500, 200)] {
            let part = trains(lane(&rate, first, len), [0.3, END]);
            assert_eq!(part, whole[first as usize..(first + len) as usize]);
        }
        let mut late = lane(&rate, 0, NEURONS);
        late.stand(777.7);
        let expected = whole.iter().flatten().filter(|t| **t >= 777.7).count();
        assert_eq!(late.take(Span { from: 777.7, until: END }), expected);
    }
}
