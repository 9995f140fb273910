use crate::column::Column;
use crate::population::Cells;
use crate::*;

/// Every row of the table finds its field, its column and nothing else.
#[test]
fn every_parameter_is_given_realised_and_told_under_its_own_key() {
    let unlike = |k: usize| 1.0 + k as f64;
    let mut spec = LifSpec { synapse: SynapseSpec::exponential(), ..LifSpec::default() };
    for (k, parameter) in LIF.iter().enumerate() {
        // V_th above V_reset
        let value = if parameter.name == "v_th" { 30.0 } else { unlike(k) };
        parameter.give(&mut spec, value.into());
    }
    let told: Vec<_> = CellsSpec::Lif(spec.clone()).parameters().iter().map(|(key, p)| (*key, (*p).clone())).collect();
    let mut builder = NetworkBuilder::new(1);
    builder.population("E", 2, spec);
    let network = builder.build(&BuildOptions::default()).unwrap();
    let columns = network.populations()[0].cells.columns();
    assert_eq!(columns.len(), LIF.len());
    for (k, parameter) in LIF.iter().enumerate() {
        let value = if parameter.name == "v_th" { 30.0 } else { unlike(k) };
        assert_eq!(told[k], (parameter.key, Parameter::Value(value)));
        assert_eq!(columns[k], (parameter.key, &Column::Shared(value)));
        let unit = parameter.key.strip_prefix(parameter.name).unwrap();
        assert_eq!(unit, format!("_{}", parameter.unit.to_lowercase()));
        assert_eq!(parameter.name, parameter.symbol.to_lowercase());
    }
}

#[test]
fn delta_neurons_have_no_synaptic_time_constants() {
    let mut builder = NetworkBuilder::new(1);
    builder.population("E", 2, LifSpec::default());
    let network = builder.build(&BuildOptions::default()).unwrap();
    let Cells::Lif(lif) = &network.populations()[0].cells else { panic!("LIF neurons") };
    assert_eq!(lif.columns().count(), LIF.len() - 2);
    assert!(LIF[LIF.len() - 2..].iter().all(|p| p.name.starts_with("tau_syn") && lif.column(p).is_none()));
}
