//! Any sequence of changes: both queues of the engine agree with a `BTreeMap` at every step.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;
use tauspike_engine::queue::{CrossingQueue, Keyed, Tournament};

const NEURONS: u32 = 200;

fuzz_target!(|data: &[u8]| {
    let (mut keyed, mut tree) = (Keyed::default(), Tournament::new(NEURONS as usize));
    // times as the bits of non-negative doubles, which sort as the doubles do
    let mut shadow: BTreeMap<(u64, u32), ()> = BTreeMap::new();
    let mut times = [f64::INFINITY; NEURONS as usize];
    for change in data.chunks_exact(3) {
        let neuron = u32::from(change[0]) % NEURONS;
        let time = match change[1] {
            0..32 => f64::INFINITY,
            coarse => f64::from(coarse) + f64::from(change[2] % 4) * 0.25,
        };
        shadow.remove(&(times[neuron as usize].to_bits(), neuron));
        if time < f64::INFINITY {
            shadow.insert((time.to_bits(), neuron), ());
        }
        times[neuron as usize] = time;
        keyed.set(neuron, time);
        tree.set(neuron, time);
        let expected = shadow.first_key_value().map(|(&key, ())| key);
        assert_eq!(keyed.first().map(|key| (key.time.to_bits(), key.neuron)), expected);
        assert_eq!(tree.first().map(|key| (key.time.to_bits(), key.neuron)), expected);
    }
});
