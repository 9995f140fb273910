use super::*;
use crate::spec::{CellsSpec, DriveSpec, InputSpec, LifSpec, PopulationId, ProjectionSpec, RateSpec, SynapseSpec};
use crate::{BuildOptions, Distribution, NetworkBuilder, Parameter, Rule, Spread, SynapseList};
use std::sync::Arc;

/// What the tests change of a small network with one of everything.
#[derive(Clone)]
struct Description {
    seed: u64,
    lif: LifSpec,
    drawn: ProjectionSpec,
    procedural: ProjectionSpec,
    listed: SynapseList,
    trains: Vec<Vec<f64>>,
    noise: RateSpec,
    rate: RateSpec,
    weight: Parameter,
    current: Signal,
    scale: Parameter,
    members: Option<Vec<u32>>,
    block_size: u32,
    threads: usize,
}

const E: PopulationId = PopulationId(0);
const STIMULUS: PopulationId = PopulationId(2);

impl Description {
    fn new() -> Self {
        let normal = Distribution::normal(0.0, Spread::Sd(1.0)).truncated(Some(-3.0), Some(3.0));
        let synapse = SynapseSpec::Exponential { tau_syn_ex: 2.0.into(), tau_syn_in: 5.0.into() };
        let tau_m = Distribution::uniform(10.0, 30.0).into();
        let drawn = ProjectionSpec::new("drawn", (E, E), Rule::FixedInDegree(6)).weight(normal.clone());
        let procedural = ProjectionSpec::new("procedural", (E, E), Rule::FixedOutDegree(6)).weight(normal).delay(1.5);
        Self {
            seed: 1,
            lif: LifSpec { tau_m, synapse, ..LifSpec::default() },
            drawn: drawn.delay(Distribution::uniform(1.0, 2.0)),
            procedural: procedural.procedural(),
            listed: SynapseList {
                pre: vec![0, 1, 1],
                post: vec![3, 4, 4],
                weight: Some(vec![1.0, 2.0, 3.0]),
                delay: None,
            },
            trains: vec![vec![1.0, 2.0], vec![]],
            noise: RateSpec::constant(10.0),
            rate: RateSpec::constant(Parameter::PerMember(vec![5.0, 6.0])),
            weight: 3.0.into(),
            current: Signal { times: vec![0.0, 10.0], values: vec![1.0, 2.0] },
            scale: 1.0.into(),
            members: Some(vec![3, 7]),
            block_size: 64,
            threads: 1,
        }
    }

    fn fingerprint(&self) -> Fingerprint {
        let d = self.clone();
        let mut builder = NetworkBuilder::new(d.seed);
        builder.block_size(Some(d.block_size));
        assert_eq!(builder.population("E", 40, d.lif), E);
        builder.population("noise", 3, d.noise);
        assert_eq!(builder.population("stimulus", 2, d.trains), STIMULUS);
        builder.project(d.drawn);
        builder.project(d.procedural);
        builder.project(ProjectionSpec::new("listed", (STIMULUS, E), Rule::Explicit(d.listed)).delay(1.0));
        let drive = DriveSpec::Poisson { rate: d.rate, weight: d.weight };
        builder.input(InputSpec { name: "private".into(), population: E, members: d.members, drive });
        let drive = DriveSpec::Current { signal: Arc::new(d.current), scale: d.scale };
        builder.input(InputSpec { name: "current".into(), population: E, members: None, drive });
        let options = BuildOptions { threads: d.threads, ..BuildOptions::default() };
        Fingerprint::of(&builder.build(&options).unwrap())
    }

    /// What differs after `change`, as a message says it.
    fn after(change: impl FnOnce(&mut Self)) -> Vec<String> {
        let mut changed = Self::new();
        change(&mut changed);
        let differences = Self::new().fingerprint().differences(&changed.fingerprint());
        let mark = |d: &Difference| if d.is_input { "input: " } else { "" };
        differences.iter().map(|d| format!("{}{d}", mark(d))).collect()
    }
}

#[test]
fn how_a_network_is_kept_or_built_makes_no_difference() {
    let same = |change: fn(&mut Description)| assert_eq!(Description::after(change), [""; 0]);
    same(|d| d.block_size = 7);
    same(|d| d.threads = 3);
    same(|d| d.lif.t_ref = Parameter::PerMember(vec![2.0; 40]));
    same(|d| d.lif.v_init = Some((-70.0).into()));
    same(|d| d.members = Some(vec![3, 7]));
    let (mut shared, mut listed) = (Description::new(), Description::new());
    shared.drawn.weight = Some(2.0.into());
    listed.drawn.weight = Some(Distribution::uniform(2.0, 2.0f64.next_up()).into());
    assert_eq!(shared.fingerprint().differences(&listed.fingerprint()), []);
    listed.block_size = 1;
    assert_eq!(shared.fingerprint().differences(&listed.fingerprint()), []);
}

#[test]
fn every_parameter_of_neurons_is_named_with_its_values() {
    let change = |change: fn(&mut LifSpec)| Description::after(|d| change(&mut d.lif)).join("; ");
    let drawn = Distribution::uniform(10.0, 30.5).into();
    assert_eq!(Description::after(|d| d.lif.tau_m = drawn), ["population \"E\": tau_m_ms differs"]);
    assert_eq!(change(|l| l.c_m = 200.0.into()), "population \"E\": c_m_pf is 200 and was 250");
    assert!(change(|l| l.e_l = (-71.0).into()).starts_with("population \"E\": e_l_mv is -71 and was -70"));
    assert_eq!(change(|l| l.v_th = (-50.0).into()), "population \"E\": v_th_mv is -50 and was -55");
    assert_eq!(change(|l| l.v_reset = Some((-60.0).into())), "population \"E\": v_reset_mv is -60 and was -70");
    assert_eq!(change(|l| l.t_ref = 1.0.into()), "population \"E\": t_ref_ms is 1 and was 2");
    assert_eq!(change(|l| l.i_e = 1e-9.into()), "population \"E\": i_e_pa is 0.000000001 and was 0");
    assert_eq!(change(|l| l.v_init = Some((-60.0).into())), "population \"E\": v_init_mv is -60 and was -70");
    let synapse = |ex: f64, inh: f64| SynapseSpec::Exponential { tau_syn_ex: ex.into(), tau_syn_in: inh.into() };
    assert_eq!(
        Description::after(|d| d.lif.synapse = synapse(3.0, 5.0)),
        ["population \"E\": tau_syn_ex_ms is 3 and was 2"]
    );
    assert_eq!(
        Description::after(|d| d.lif.synapse = synapse(2.0, 6.0)),
        ["population \"E\": tau_syn_in_ms is 6 and was 5"]
    );
    let model = change(|l| l.synapse = SynapseSpec::Delta);
    assert!(model.starts_with("population \"E\": model is lif_delta and was lif_exp"), "{model}");
}

#[test]
fn one_neuron_that_differs_is_noticed() {
    let mut values = vec![2.0; 40];
    values[39] = 2.0f64.next_up();
    assert_eq!(
        Description::after(|d| d.lif.t_ref = Parameter::PerMember(values)),
        ["population \"E\": t_ref_ms differs"]
    );
}

#[test]
fn synapses_weights_and_delays_are_told_apart() {
    let pairs = "projection \"drawn\": synapses";
    let drawn = |change: fn(&mut ProjectionSpec)| Description::after(|d| change(&mut d.drawn)).join("; ");
    assert_eq!(drawn(|p| p.rule = Rule::FixedInDegree(7)), format!("{pairs} is 280 and was 240"));
    assert_eq!(drawn(|p| p.multapses = false), format!("{pairs} differs"));
    let sd = |sd| Some(Distribution::normal(0.0, Spread::Sd(sd)).truncated(Some(-3.0), Some(3.0)).into());
    let weight = Description::after(|d| d.drawn.weight = sd(1.1));
    assert_eq!(weight[0], "projection \"drawn\": weight_pa differs");
    let delay = Description::after(|d| d.drawn.delay = Some(Distribution::uniform(1.0, 2.1).into()));
    assert_eq!(delay[0], "projection \"drawn\": delay_ms differs");
    let weight = Description::after(|d| d.procedural.weight = sd(1.1));
    assert_eq!(weight, ["projection \"procedural\": weight_pa differs"]);
    let delay = Description::after(|d| d.procedural.delay = Some(2.0.into()));
    assert_eq!(delay, ["projection \"procedural\": delay_ms is 2 and was 1.5"]);
    let degree = Description::after(|d| d.procedural.rule = Rule::FixedOutDegree(5));
    assert_eq!(degree, ["projection \"procedural\": synapses is 200 and was 240"]);
    let bound = Description::after(|d| {
        d.procedural.weight = Some(Distribution::normal(0.0, Spread::Sd(1.0)).truncated(Some(-3.0), Some(3.1)).into());
    });
    assert_eq!(bound, ["projection \"procedural\": weight_pa differs"]);
    let target = Description::after(|d| d.listed.post[0] = 5);
    assert_eq!(target, ["projection \"listed\": synapses differs"]);
    let order = Description::after(|d| d.listed.weight = Some(vec![1.0, 3.0, 2.0]));
    assert_eq!(order, ["projection \"listed\": pairing of weights and delays differs"]);
}

#[test]
fn inputs_are_marked_as_such() {
    fn current(times: &[f64], values: &[f64]) -> Signal {
        Signal { times: times.to_vec(), values: values.to_vec() }
    }
    let after = |change: fn(&mut Description)| Description::after(change);
    assert_eq!(after(|d| d.trains[1].push(3.0)), ["input: population \"stimulus\": spikes differs"]);
    assert_eq!(after(|d| d.noise.base_hz = 11.0.into()), ["input: population \"noise\": rate_hz is 11 and was 10"]);
    assert_eq!(after(|d| d.noise.stop = 9.0), ["input: population \"noise\": stop_ms is 9 and was inf"]);
    assert_eq!(after(|d| d.weight = 4.0.into()), ["input: input \"private\": weight_pa is 4 and was 3"]);
    assert_eq!(
        after(|d| d.rate.base_hz = Parameter::PerMember(vec![5.0, 7.0])),
        ["input: input \"private\": rate_hz differs"]
    );
    assert_eq!(after(|d| d.rate.start = 1.0), ["input: input \"private\": start_ms is 1 and was 0"]);
    assert_eq!(
        after(|d| d.rate.profile = Some(Arc::new(current(&[0.0], &[0.5])))),
        ["input: input \"private\": profile is 0.5 from 0 ms and was none"]
    );
    assert_eq!(after(|d| d.members = Some(vec![3, 8])), ["input: input \"private\": members differs"]);
    assert_eq!(after(|d| d.scale = 2.0.into()), ["input: input \"current\": scale is 2 and was 1"]);
    assert_eq!(after(|d| d.current = current(&[0.0, 11.0], &[1.0, 2.0])), ["input: input \"current\": signal differs"]);
}

#[test]
fn the_seed_and_whole_parts_are_named() {
    assert_eq!(Description::after(|d| d.seed = 2), ["network: seed is 2 and was 1"]);
    let other = |cells: CellsSpec| {
        let mut builder = NetworkBuilder::new(1);
        let population = builder.population("E", 4, cells);
        builder.project(ProjectionSpec::new("x", (population, population), Rule::OneToOne).weight(1.0).delay(1.0));
        Fingerprint::of(&builder.build(&BuildOptions::default()).unwrap())
    };
    let (small, large) = (other(LifSpec::default().into()), Description::new().fingerprint());
    let told = |differences: Vec<Difference>| differences.iter().map(Difference::to_string).collect::<Vec<_>>();
    let removed = told(large.differences(&small));
    assert!(removed.contains(&"population \"noise\": removed".into()), "{removed:?}");
    assert!(removed.contains(&"input \"private\": removed".into()), "{removed:?}");
    assert!(removed.contains(&"projection \"x\": added".into()), "{removed:?}");
}
