use crate::population::Signal;
use crate::*;
use std::sync::Arc;

fn refusal<R>(describe: impl FnOnce(&mut NetworkBuilder) -> R) -> String {
    let mut builder = NetworkBuilder::new(1);
    describe(&mut builder);
    let message = builder.validate().expect_err("the description is wrong").to_string();
    assert_eq!(builder.build(&BuildOptions::default()).expect_err("as validate says").to_string(), message);
    message
}

#[track_caller]
fn assert_names(message: &str, parts: &[&str]) {
    for part in parts.iter().chain(&["allowed: "]) {
        assert!(message.contains(part), "{message:?} lacks {part:?}");
    }
}

fn lif(change: impl FnOnce(&mut LifSpec)) -> LifSpec {
    let mut spec = LifSpec::default();
    change(&mut spec);
    spec
}

#[test]
fn neuron_parameters_are_refused_by_population_field_and_value() {
    let wide = Distribution::normal(5.0, Spread::Cv(2.0));
    let synapse = SynapseSpec::Exponential { tau_syn_ex: 2.0.into(), tau_syn_in: 0.0.into() };
    let cases: Vec<(LifSpec, &[&str])> = vec![
        (lif(|s| s.tau_m = 0.0.into()), &["tau_m = 0", "finite and > 0"]),
        (lif(|s| s.tau_m = f64::NAN.into()), &["tau_m = NaN"]),
        (lif(|s| s.tau_m = Distribution::normal(-5.0, Spread::Cv(0.1)).into()), &["tau_m[0] = -"]),
        (lif(|s| s.tau_m = Distribution::skewed(Family::Gamma, 5.0, Spread::Cv(-1.0)).into()), &["tau_m: cv = -1"]),
        (lif(|s| s.c_m = (-1.0).into()), &["c_m = -1"]),
        (lif(|s| s.t_ref = vec![1.0, -0.5, 1.0].into()), &["t_ref[1] = -0.5", ">= 0"]),
        (lif(|s| s.t_ref = wide.into()), &["t_ref[", ">= 0"]),
        (lif(|s| s.t_ref = vec![1.0].into()), &["t_ref = 1 values", "3 values"]),
        (lif(|s| s.i_e = f64::INFINITY.into()), &["i_e = inf"]),
        (lif(|s| s.v_reset = Some((-50.0).into())), &["v_reset[0] = -50", "below v_th = -55"]),
        (lif(|s| s.e_l = 0.0.into()), &["v_reset (= e_l)[0] = 0", "below v_th = -55"]),
        (lif(|s| s.v_th = vec![-55.0, -55.0, -70.0].into()), &["[2] = -70", "below v_th = -70"]),
        (lif(|s| s.v_init = Some(f64::NAN.into())), &["v_init = NaN"]),
        (lif(|s| s.synapse = synapse), &["tau_syn_in = 0"]),
    ];
    for (spec, parts) in cases {
        let message = refusal(|b| b.population("E", 3, spec));
        assert_names(&message, parts);
        assert!(message.starts_with("population \"E\": "), "{message}");
    }
}

#[test]
fn populations_must_have_members_and_their_own_name() {
    assert_names(&refusal(|b| b.population("E", 0, LifSpec::default())), &["population \"E\": size = 0"]);
    let twice = refusal(|b| {
        b.population("E", 1, LifSpec::default());
        b.population("E", 1, LifSpec::default());
    });
    assert_names(&twice, &["name = \"E\"", "unique population name"]);
    let many = refusal(|b| {
        b.population("E", u32::MAX, LifSpec::default());
        b.population("I", u32::MAX, LifSpec::default());
    });
    assert_names(&many, &["8589934590", "at most 2147483648"]);
}

#[test]
fn trains_must_ascend_from_zero_and_be_one_per_member() {
    for (train, parts) in
        [(vec![2.0, 1.0], ["trains[1] = 1"]), (vec![-1.0], ["trains[1] = -1"]), (vec![f64::NAN], ["NaN"])]
    {
        assert_names(&refusal(|b| b.population("S", 2, vec![vec![0.0, 0.0], train])), &parts);
    }
    assert_names(&refusal(|b| b.population("S", 3, vec![vec![1.0]])), &["trains = 1 trains", "3, one per member"]);
}

#[test]
fn rates_and_signals_must_make_sense() {
    let signal = |times: &[f64], values: &[f64]| Some(Arc::new(Signal { times: times.into(), values: values.into() }));
    let rate = RateSpec::constant(5.0);
    let cases: Vec<(RateSpec, &[&str])> = vec![
        (RateSpec::constant(-5.0), &["rate = -5"]),
        (RateSpec { start: -1.0, ..rate.clone() }, &["start = -1"]),
        (RateSpec { start: 9.0, stop: 3.0, ..rate.clone() }, &["stop = 3", "start = 9"]),
        (RateSpec { stop: f64::NAN, ..rate.clone() }, &["stop = NaN"]),
        (RateSpec { profile: signal(&[0.0, 1.0], &[1.0, -1.0]), ..rate.clone() }, &["profile[1] = -1"]),
        (RateSpec { profile: signal(&[0.0, 1.0, 1.0], &[1.0; 3]), ..rate.clone() }, &["profile[2] = 1", "after 1"]),
        (RateSpec { profile: signal(&[0.0], &[]), ..rate.clone() }, &["1 times and 0 values"]),
        (RateSpec { profile: signal(&[], &[]), ..rate }, &["0 times and 0 values"]),
    ];
    for (spec, parts) in cases {
        assert_names(&refusal(|b| b.population("S", 2, spec)), parts);
    }
}

/// The message for a projection of 10 neurons onto themselves.
fn projection_refusal(rule: Rule, change: impl FnOnce(ProjectionSpec) -> ProjectionSpec) -> String {
    let message = refusal(|b| {
        let e = b.population("E", 10, LifSpec::default());
        b.project(change(ProjectionSpec::new("E to E", (e, e), rule).weight(0.1).delay(1.0)));
    });
    assert!(message.starts_with("projection \"E to E\": "), "{message}");
    message
}

#[test]
fn degrees_that_cannot_be_met_are_refused_with_their_maximum() {
    let strict = |spec: ProjectionSpec| spec.without_autapses().without_multapses();
    assert_names(&projection_refusal(Rule::FixedInDegree(10), strict), &["in-degree = 10", "at most 9"]);
    assert_names(
        &projection_refusal(Rule::FixedInDegree(11), ProjectionSpec::without_multapses),
        &["in-degree = 11", "at most 10"],
    );
    assert_names(&projection_refusal(Rule::FixedOutDegree(10), strict), &["out-degree = 10", "at most 9"]);
    assert_names(&projection_refusal(Rule::FixedTotal(91), strict), &["total = 91", "at most 90"]);
    let alone = refusal(|b| {
        let e = b.population("E", 1, LifSpec::default());
        b.project(ProjectionSpec::new("p", (e, e), Rule::FixedInDegree(1)).weight(0.1).delay(1.0).without_autapses());
    });
    assert_names(&alone, &["in-degree = 1", "at most 0"]);
}

#[test]
fn rules_that_make_no_sense_are_refused() {
    let same = |spec| spec;
    assert_names(&projection_refusal(Rule::PairwiseBernoulli(1.5), same), &["probability = 1.5", "0 to 1"]);
    assert_names(&projection_refusal(Rule::PairwiseBernoulli(f64::NAN), same), &["probability = NaN"]);
    assert_names(
        &projection_refusal(Rule::OneToOne, ProjectionSpec::without_autapses),
        &["one-to-one", "with autapses"],
    );
    let unequal = refusal(|b| {
        let s = b.population("S", 3, RateSpec::constant(1.0));
        let e = b.population("E", 10, LifSpec::default());
        b.project(ProjectionSpec::new("p", (s, e), Rule::OneToOne).weight(0.1).delay(1.0));
    });
    assert_names(&unequal, &["one-to-one", "not 3 and 10"]);
    let into_sources = refusal(|b| {
        let s = b.population("S", 3, RateSpec::constant(1.0));
        b.project(ProjectionSpec::new("p", (s, s), Rule::AllToAll).weight(0.1).delay(1.0));
    });
    assert_names(&into_sources, &["target = \"S\"", "LIF"]);
}

#[test]
fn lists_are_checked_entry_by_entry() {
    let list = || SynapseList { pre: vec![0, 1, 1], post: vec![2, 1, 9], weight: None, delay: None };
    let refuse = |list, change: fn(ProjectionSpec) -> ProjectionSpec| projection_refusal(Rule::Explicit(list), change);
    assert_names(&refuse(SynapseList { pre: vec![0, 10, 1], ..list() }, |s| s), &["pre[1] = 10", "below 10"]);
    assert_names(&refuse(SynapseList { post: vec![0, 0, 99], ..list() }, |s| s), &["post[2] = 99", "below 10"]);
    assert_names(&refuse(SynapseList { post: vec![0], ..list() }, |s| s), &["post = 1 values", "3, one per pre"]);
    assert_names(&refuse(list(), ProjectionSpec::without_autapses), &["post[1] = 1", "no autapses"]);
    let doubled = SynapseList { pre: vec![4, 2, 4], post: vec![5, 5, 5], ..list() };
    assert_names(&refuse(doubled, ProjectionSpec::without_multapses), &["post[2] = 5", "from 4 to 5", "entry 0"]);
    let weighted = SynapseList { weight: Some(vec![0.0, 1.0, f64::NAN]), ..list() };
    assert_names(&refuse(weighted.clone(), |s| s), &["weight = both"]);
    assert_names(&refuse(weighted, |s| ProjectionSpec { weight: None, ..s }), &["weight[2] = NaN"]);
    let delayed = SynapseList { delay: Some(vec![0.0, -1.0, 1.0]), ..list() };
    assert_names(&refuse(delayed, |s| ProjectionSpec { delay: None, ..s }), &["delay[1] = -1", ">= 0"]);
}

#[test]
fn weights_and_delays_are_refused_by_field() {
    let refuse = |change: fn(ProjectionSpec) -> ProjectionSpec| projection_refusal(Rule::AllToAll, change);
    assert_names(&refuse(|s| s.weight(f64::NAN)), &["weight = NaN"]);
    assert_names(&refuse(|s| s.weight(vec![1.0; 10])), &["weight = one value per member", "explicit list"]);
    assert_names(&refuse(|s| ProjectionSpec { weight: None, ..s }), &["weight = nothing"]);
    assert_names(&refuse(|s| s.delay(-1.0)), &["delay = -1", ">= 0"]);
    assert_names(&refuse(|s| s.delay(Distribution::empirical(vec![1.0, -2.0]))), &["delay", "reaches -2"]);
    let below = |s: ProjectionSpec| s.delay(Distribution::normal(1.0, Spread::Cv(0.3)).truncated(Some(-1.0), None));
    assert_names(&refuse(below), &["delay", "reaches -1"]);
    assert_names(&refuse(|s| ProjectionSpec { round_to: Some(0.1), ..s }), &["round_to = 0.1", "drawn"]);
    let zero_step = |s: ProjectionSpec| ProjectionSpec { round_to: Some(0.0), ..s };
    assert_names(&refuse(zero_step), &["round_to = 0", "> 0"]);
    let far = |s: ProjectionSpec| ProjectionSpec { round_to: Some(1e-9), ..s.delay(Distribution::uniform(1.0, 2.0)) };
    assert_names(&refuse(far), &["delay", "keep 0 of"]);
}

#[test]
fn inputs_are_checked() {
    let refuse = |members: Option<Vec<u32>>, drive: DriveSpec| {
        let message = refusal(|b| {
            let population = b.population("E", 10, LifSpec::default());
            b.input(InputSpec { name: "noise".to_owned(), population, members, drive });
        });
        assert!(message.starts_with("input \"noise\": "), "{message}");
        message
    };
    let poisson = |hz: f64, weight: Parameter| DriveSpec::Poisson { rate: RateSpec::constant(hz), weight };
    assert_names(&refuse(None, poisson(-1.0, 0.1.into())), &["rate = -1"]);
    assert_names(&refuse(None, poisson(1.0, f64::NAN.into())), &["weight = NaN"]);
    assert_names(&refuse(Some(vec![1, 2]), poisson(1.0, vec![1.0; 3].into())), &["weight = 3 values", "2 values"]);
    assert_names(&refuse(Some(vec![2, 2]), poisson(1.0, 0.1.into())), &["members[1] = 2", "below 10"]);
    assert_names(&refuse(Some(vec![10]), poisson(1.0, 0.1.into())), &["members[0] = 10"]);
    assert_names(&refuse(Some(vec![]), poisson(1.0, 0.1.into())), &["members = an empty list"]);
    let signal = Arc::new(Signal { times: vec![0.0], values: vec![f64::INFINITY] });
    assert_names(&refuse(None, DriveSpec::Current { signal, scale: 1.0.into() }), &["signal[0] = inf"]);
}

#[test]
fn a_population_of_another_builder_is_refused() {
    let mut other = NetworkBuilder::new(1);
    other.population("A", 1, LifSpec::default());
    let stray = other.population("B", 1, LifSpec::default());
    let message = refusal(|b| {
        let e = b.population("E", 1, LifSpec::default());
        b.project(ProjectionSpec::new("p", (stray, e), Rule::AllToAll).weight(1.0).delay(1.0));
    });
    assert_names(&message, &["population = 1", "one of the 1 populations"]);
}
