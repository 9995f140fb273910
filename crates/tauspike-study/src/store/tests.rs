use super::*;

/// A file as it is on disk. That a version reads the files of the one before rests on these names.
const FILE: &str = r#"{"cell":"text","tau_mean_ms":20.0,"tau_realised_cv":0.5,"tau_skewness":null,"tau_min_ms":0.5,"tau_max_ms":60.25,
    "operations":123456789012345678,"model_time_ms":1000.0,"participation_ratio":3.5,"spiking":{"rate_hz":6.0,
    "counters":COUNTERS,"energy_chip_event_pj":1.5,"energy_chip_clocked_pj":2.5,"energy_metabolic_atp":2500000000.0},"r2":[0.1,-3.0],
    "nrmse":[0.9486832980505138,2.0],"chance_r2":[null,-0.01],"lambda":[1e-8,10.0],"alignment":[0.25,0.0]}"#;

fn counters() -> Counters {
    Counters { spikes: 1, neuron_updates: 5, ..Counters::default() }
}

fn file() -> String {
    FILE.replace("\n    ", "").replace("COUNTERS", &serde_json::to_string(&counters()).unwrap())
}

fn measured() -> Measured {
    let score = |r2: f64, nrmse, chance_r2, lambda, alignment| TaskScore { r2, nrmse, chance_r2, lambda, alignment };
    Measured {
        tau: [20.0, 0.5, f64::NAN, 0.5, 60.25],
        spiking: Some(Spiking {
            rate: 6.0,
            counters: counters(),
            chip_event: 1.5,
            chip_clocked: 2.5,
            metabolic: 2.5e9,
        }),
        operations: 123_456_789_012_345_678,
        model_time: 1000.0,
        participation_ratio: 3.5,
        scores: vec![score(0.1, 0.9486832980505138, f64::NAN, 1e-8, 0.25), score(-3.0, 2.0, -0.01, 10.0, 0.0)],
    }
}

#[test]
fn a_known_file_is_read_and_would_be_written_so_again() {
    let stored: Stored = serde_json::from_str(&file()).unwrap();
    let read = stored.measured(2).unwrap();
    // NaN is not equal to itself, its text is.
    assert_eq!(format!("{read:?}"), format!("{:?}", measured()));
    let again = serde_json::to_string(&Stored::of("text".into(), &measured())).unwrap();
    assert_eq!(again, file());
}

#[test]
fn a_file_with_another_number_of_scores_or_of_another_cell_is_not_read() {
    assert!(serde_json::from_str::<Stored>(&file()).unwrap().measured(3).is_none());
    let folder = tempfile::tempdir().unwrap();
    let store = Store { folder: folder.path().into(), suite: String::new(), tasks: 2 };
    let key = |text: &str| Key { name: "k".into(), text: text.into() };
    store.put(&key("one"), &measured()).unwrap();
    assert!(store.get(&key("one")).is_some() && store.get(&key("other")).is_none());
}
