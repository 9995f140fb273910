//! Which snapshots are refused, and what they hold.

use super::*;

#[test]
fn another_network_is_refused_by_the_names_of_what_differs() {
    let before = Inputs::new(false);
    let mut sim = Simulation::new(before.network(), Options::default()).unwrap();
    sim.run(CUT, &mut ()).unwrap();
    let bytes = sim.save().unwrap();
    let other = Inputs::new(true).network();
    let error = Simulation::restore(other, Options::default(), &bytes).err().unwrap();
    assert!(matches!(error, SnapshotError::Network(_)));
    let message = error.to_string();
    assert!(message.contains("population \"E\": model is lif_exp and was lif_delta"), "{message}");
    assert!(message.contains("projection \"driven\": weight"), "{message}");
}

#[test]
fn a_damaged_or_foreign_snapshot_is_an_error() {
    let network = Inputs::new(true).network();
    let bytes = Simulation::new(network.clone(), Options::default()).unwrap().save().unwrap();
    let refusal = |bytes: &[u8]| Simulation::restore(network.clone(), Options::default(), bytes).err().unwrap();
    for len in (0..bytes.len()).step_by(7).chain([8, 12, 20, 52]) {
        let error = refusal(&bytes[..len]);
        assert!(matches!(error, SnapshotError::Magic | SnapshotError::Length { .. }), "{len}: {error}");
    }
    for at in 0..bytes.len().min(4000) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 4;
        refusal(&damaged);
    }
    let longer = [&bytes[..], &[0]].concat();
    assert!(matches!(refusal(&longer), SnapshotError::Length { .. }));
    let mut old = bytes.clone();
    old[8] = 2;
    assert!(matches!(refusal(&old), SnapshotError::Version(2)));
    let mut endless = bytes[..52].to_vec();
    endless[12..20].copy_from_slice(&u64::MAX.to_le_bytes());
    assert!(matches!(refusal(&endless), SnapshotError::Length { found: 52, .. }));
    assert!(matches!(refusal(b"PAR1 and more"), SnapshotError::Magic));
}

#[test]
fn a_snapshot_keeps_no_parameter_synapse_or_train() {
    let size = |inputs: &Inputs| Simulation::new(inputs.network(), Options::default()).unwrap().save().unwrap().len();
    let few = Inputs::new(false).with(|inputs| inputs.trains = vec![vec![1.0]; 30]);
    let many = few.with(|inputs| {
        inputs.trains = vec![(0..5000).map(f64::from).collect(); 30];
        inputs.currents[0].1 = signal(&(0..5000).map(|k| (f64::from(k), f64::from(k % 7))).collect::<Vec<_>>());
    });
    assert!(size(&many).abs_diff(size(&few)) < 64, "{} and {} bytes", size(&many), size(&few));
}
