use super::*;

/// A file as it is on disk. That a version reads the files of the one before rests on these names.
const FILE: &str = r#"{"cell":"text","tau_mean_ms":20.0,"tau_realised_cv":0.5,"tau_skewness":null,"tau_min_ms":0.5,"tau_max_ms":60.25,
    "tau_clipped":0.25,"tau_below_step":0.5,"operations":123456789012345678,"operations_readout":77,"model_time_ms":1000.0,"spiking":{"rate_hz":6.0,
    "counters":COUNTERS,"recurrent_events":3,"input_events":4,"energy_recurrence_pj":1.5,"energy_input_pj":2.5,"energy_neurons_pj":4.5,
    "energy_readout_pj":0.5,"energy_metabolic_atp":2500000000.0},"reads":[{"readout":"filtered","participation_ratio":3.5,"r2":[0.1,-3.0],
    "nrmse":[0.9486832980505138,2.0],"chance_r2":[null,-0.01],"lambda":[1e-8,10.0],"alignment":[0.25,0.0],"effective_rank":[12.5,1.0]}]}"#;

fn counters() -> Counters {
    Counters { spikes: 1, neuron_updates: 5, ..Counters::default() }
}

fn file() -> String {
    FILE.replace("\n    ", "").replace("COUNTERS", &serde_json::to_string(&counters()).unwrap())
}

fn measured() -> Measured {
    let scores = vec![
        TaskScore {
            r2: 0.1,
            nrmse: 0.9486832980505138,
            chance_r2: f64::NAN,
            lambda: 1e-8,
            alignment: 0.25,
            effective_rank: 12.5,
        },
        TaskScore { r2: -3.0, nrmse: 2.0, chance_r2: -0.01, lambda: 10.0, alignment: 0.0, effective_rank: 1.0 },
    ];
    Measured {
        taus: Taus { mean: 20.0, cv: 0.5, skewness: f64::NAN, min: 0.5, max: 60.25, clipped: 0.25, below_step: 0.5 },
        spiking: Some(Spiking {
            rate: 6.0,
            counters: counters(),
            recurrent_events: 3,
            input_events: 4,
            chip_recurrence: 1.5,
            chip_input: 2.5,
            chip_neurons: 4.5,
            chip_readout: 0.5,
            metabolic: 2.5e9,
        }),
        operations: Operations { network: 123_456_789_012_345_678, readout: 77 },
        model_time: 1000.0,
        reads: vec![Read { readout: Readout::Filtered, participation_ratio: 3.5, scores }],
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
