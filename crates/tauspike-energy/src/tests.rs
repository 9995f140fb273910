use super::*;
use proptest::prelude::*;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, MapDeserializer};
use tauspike_spike::Counters;

fn counters() -> Counters {
    Counters {
        spikes: 10,
        source_spikes: 1_000_000,
        synaptic_arrivals: 200,
        external_arrivals: 50,
        neuron_updates: 120,
        ..Counters::default()
    }
}

fn model() -> EnergyModel {
    EnergyModel {
        per_spike: 1.0,
        per_synaptic_event: 2.0,
        per_neuron_update: 3.0,
        per_neuron_second: 4.0,
        per_second: 5.0,
        clock_step_ms: Some(0.5),
        ..EnergyModel::cited("m", Scale::Chip, "made up")
    }
}

/// 10 spikes, 250 events, 7 neurons, 2 s: 10 + 500 + 56 + 10 = 576 besides updates; 120 of them, or 7 * 4000.
#[test]
fn both_accounts_are_the_sum_worked_out_by_hand() {
    let estimate = model().estimate(&counters(), 7, 2000.0);
    assert_eq!((estimate.event_only, estimate.clocked), (576.0 + 360.0, Some(576.0 + 84_000.0)));
    assert_eq!(estimate.unit, "pJ");
}

#[test]
fn a_model_without_a_clock_has_one_account() {
    let model = EnergyModel { clock_step_ms: None, ..model() };
    assert_eq!(model.estimate(&counters(), 7, 2000.0).clocked, None);
}

#[test]
fn published_models_are_valid_cited_and_have_names_of_their_own() {
    let models = published();
    let mut names: Vec<_> = models.iter().map(|m| m.name.clone()).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), models.len());
    for model in &models {
        assert_eq!(model.validate(), Ok(()), "{}", model.name);
        let dated = model.source.contains("PMC10326429") || model.source.contains("20");
        assert!(dated, "{}: {}", model.name, model.source);
    }
    for scale in Scale::ALL {
        assert!(models.iter().any(|m| m.scale == scale), "{scale:?}");
    }
}

/// 0.27 nW per neuron at 50 kJ/mol and 4 Hz is what 3.29e9 ATP/s amount to.
#[test]
fn the_metabolic_model_gives_back_its_total_at_4_hz() {
    let cortex = published().into_iter().find(|m| m.name == "cortex").unwrap();
    let counters = Counters { spikes: 4 * 100, ..Counters::default() };
    let total = cortex.estimate(&counters, 100, 1000.0).event_only / 100.0;
    assert!((total / 3.29e9 - 1.0).abs() < 1e-12);
    assert!((total * 50e3 / 6.022e23 * 1e9 - 0.27).abs() < 0.01);
}

#[test]
fn what_cannot_be_a_cost_is_refused_with_field_and_value() {
    let refused = |change: fn(&mut EnergyModel)| {
        let mut model = model();
        change(&mut model);
        model.validate().unwrap_err().to_string()
    };
    assert_eq!(refused(|m| m.per_spike = -1.0), "energy model \"m\": per_spike = -1, allowed: finite and >= 0");
    assert!(refused(|m| m.per_second = f64::NAN).contains("per_second = NaN"));
    assert!(refused(|m| m.source = " ".into()).contains("source = \" \""));
    assert!(refused(|m| m.clock_step_ms = Some(0.0)).contains("clock_step_ms = 0"));
    assert!(refused(|m| m.per_neuron_update = 0.0).contains("only together with per_neuron_update"));
    let nothing = EnergyModel::cited("free", Scale::System, "nobody");
    assert!(nothing.validate().unwrap_err().to_string().contains("> 0"));
}

/// As text alone, because no file format is known here.
fn deserialized(pairs: &[(&str, &str)]) -> Result<EnergyModel, Error> {
    EnergyModel::deserialize(MapDeserializer::new(pairs.iter().map(|(key, value)| (*key, value.into_deserializer())))
        as MapDeserializer<'_, _, Error>)
}

#[test]
fn an_unknown_key_and_a_model_without_costs_are_refused_when_read() {
    let known = [("name", "m"), ("source", "s"), ("scale", "chip")];
    let unknown = [&known[..], &[("per_spik", "1")]].concat();
    assert!(deserialized(&unknown).unwrap_err().to_string().contains("unknown field `per_spik`"));
    assert!(deserialized(&known).unwrap_err().to_string().contains("> 0"), "validation runs on reading");
}

proptest! {
    #[test]
    fn the_cost_of_two_runs_is_the_sum_of_their_costs(a in 0u64..1 << 40, b in 0u64..1 << 40, t in 1.0f64..1e6, u in 1.0f64..1e6) {
        let of = |n| Counters { spikes: n, synaptic_arrivals: 3 * n, neuron_updates: 2 * n, ..Counters::default() };
        let cost = |n, t| {
            let estimate = model().estimate(&of(n), 5, t);
            [estimate.event_only, estimate.clocked.unwrap()]
        };
        let (first, second, both) = (cost(a, t), cost(b, u), cost(a + b, t + u));
        for k in 0..2 {
            prop_assert!((first[k] + second[k] - both[k]).abs() <= 1e-12 * both[k]);
        }
    }
}
