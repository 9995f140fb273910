use crate::column::Column;
use crate::fanout::Delays;
use crate::network::SynapseView;
use crate::population::{Cells, Lif};
use crate::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

mod part;

const ONE_THREAD: BuildOptions = BuildOptions { threads: 1, ranks: 1, memory_limit: None };

/// `sources` Poisson sources onto `targets` neurons, or `targets` neurons onto themselves.
#[derive(Clone, Debug)]
struct Case {
    recurrent: bool,
    sources: u32,
    targets: u32,
    rule: Rule,
    autapses: bool,
    multapses: bool,
    weight: Option<Parameter>,
    delay: Option<Parameter>,
    round_to: Option<f64>,
}

impl Case {
    fn of(rule: Rule) -> Self {
        let (weight, delay) = (Some(0.1.into()), Some(1.5.into()));
        let (recurrent, sources, targets) = (true, 100, 100);
        Self { recurrent, sources, targets, rule, autapses: true, multapses: true, weight, delay, round_to: None }
    }

    fn strict(self) -> Self {
        Self { autapses: false, multapses: false, ..self }
    }

    fn builder(&self) -> NetworkBuilder {
        let mut builder = NetworkBuilder::new(42);
        let source = builder.population("source", self.sources, RateSpec::constant(1.0));
        let target = builder.population("target", self.targets, LifSpec::default());
        let source = if self.recurrent { target } else { source };
        let spec = ProjectionSpec::new("p", (source, target), self.rule.clone());
        builder.project(ProjectionSpec {
            autapses: self.autapses,
            multapses: self.multapses,
            weight: self.weight.clone(),
            delay: self.delay.clone(),
            round_to: self.round_to,
            ..spec
        });
        builder
    }

    fn build(&self) -> Network {
        self.builder().build(&ONE_THREAD).unwrap()
    }

    fn synapses(&self) -> Vec<SynapseView> {
        self.build().synapses_of(0).collect()
    }
}

fn has_autapse(synapses: &[SynapseView]) -> bool {
    synapses.iter().any(|s| s.source == s.target)
}

fn has_multapse(synapses: &[SynapseView]) -> bool {
    synapses.windows(2).any(|w| (w[0].source, w[0].target) == (w[1].source, w[1].target))
}

fn degrees(synapses: &[SynapseView], end: impl Fn(&SynapseView) -> u32) -> BTreeMap<u32, u32> {
    let mut counts = BTreeMap::new();
    synapses.iter().for_each(|s| *counts.entry(end(s)).or_default() += 1);
    counts
}

#[test]
fn fixed_in_degree_is_exact_and_respects_the_switches() {
    let free = Case::of(Rule::FixedInDegree(30)).synapses();
    assert!(has_autapse(&free) && has_multapse(&free));
    let strict = Case::of(Rule::FixedInDegree(30)).strict().synapses();
    assert!(!has_autapse(&strict) && !has_multapse(&strict));
    for synapses in [free, strict] {
        let degrees = degrees(&synapses, |s| s.target);
        assert!(degrees.len() == 100 && degrees.values().all(|&k| k == 30));
    }
    let full = Case::of(Rule::FixedInDegree(99)).strict().synapses();
    assert_eq!(full, Case::of(Rule::AllToAll).strict().synapses());
}

#[test]
fn fixed_out_degree_is_exact_and_respects_the_switches() {
    let free = Case::of(Rule::FixedOutDegree(30)).synapses();
    assert!(has_autapse(&free) && has_multapse(&free));
    let strict = Case::of(Rule::FixedOutDegree(30)).strict().synapses();
    assert!(!has_autapse(&strict) && !has_multapse(&strict));
    for synapses in [free, strict] {
        let degrees = degrees(&synapses, |s| s.source);
        assert!(degrees.len() == 100 && degrees.values().all(|&k| k == 30));
    }
    let full = Case::of(Rule::FixedOutDegree(99)).strict().synapses();
    assert_eq!(full, Case::of(Rule::AllToAll).strict().synapses());
}

#[test]
fn fixed_total_is_exact_and_respects_the_switches() {
    let free = Case::of(Rule::FixedTotal(3000)).synapses();
    assert!(free.len() == 3000 && has_autapse(&free) && has_multapse(&free));
    let strict = Case::of(Rule::FixedTotal(3000)).strict().synapses();
    assert!(strict.len() == 3000 && !has_autapse(&strict) && !has_multapse(&strict));
    assert_eq!(Case::of(Rule::FixedTotal(9900)).strict().synapses(), Case::of(Rule::AllToAll).strict().synapses());
}

/// Uniform over targets: chi-squared of 100 in-degrees around 300 (99 degrees of freedom, sd 14) is below 99 + 6 sd.
#[test]
fn fixed_total_spreads_over_targets_like_independent_draws() {
    let synapses = Case::of(Rule::FixedTotal(30_000)).synapses();
    let chi2: f64 = degrees(&synapses, |s| s.target).values().map(|&k| (f64::from(k) - 300.0).powi(2) / 300.0).sum();
    assert!((30.0..183.0).contains(&chi2), "{chi2}");
}

/// 9900 or 10^4 pairs: the count is within 5 sd of the binomial mean.
#[test]
fn bernoulli_count_is_within_five_sigma() {
    for p in [0.003, 0.1, 0.9] {
        for (case, pairs) in
            [(Case::of(Rule::PairwiseBernoulli(p)), 1e4), (Case::of(Rule::PairwiseBernoulli(p)).strict(), 9900.0)]
        {
            let synapses = case.synapses();
            let sd = f64::sqrt(pairs * p * (1.0 - p));
            assert!((synapses.len() as f64 - pairs * p).abs() < 5.0 * sd, "p {p}: {}", synapses.len());
            assert!(!has_multapse(&synapses));
            assert!(case.autapses || !has_autapse(&synapses));
        }
    }
    assert_eq!(Case::of(Rule::PairwiseBernoulli(0.0)).synapses(), []);
    assert_eq!(Case::of(Rule::PairwiseBernoulli(1.0)).synapses(), Case::of(Rule::AllToAll).synapses());
}

#[test]
fn one_to_one_joins_equal_positions() {
    let synapses = Case { recurrent: false, ..Case::of(Rule::OneToOne) }.synapses();
    assert!(synapses.len() == 100 && synapses.iter().all(|s| s.target == s.source + 100));
}

#[test]
fn all_to_all_joins_every_pair_once() {
    let synapses = Case { recurrent: false, sources: 7, ..Case::of(Rule::AllToAll) }.synapses();
    let pairs: Vec<_> = synapses.iter().map(|s| (s.source, s.target)).collect();
    let expected: Vec<_> = (0..7).flat_map(|source| (7..107).map(move |target| (source, target))).collect();
    assert_eq!(pairs, expected);
}

#[test]
fn an_explicit_list_is_kept_losslessly_in_order_of_delay_then_list() {
    let list = SynapseList {
        pre: vec![3, 3, 3, 1, 3],
        post: vec![5, 5, 5, 0, 4],
        weight: Some(vec![0.1, 0.2, 0.3, -1e-300, 0.5]),
        delay: Some(vec![2.0, 0.1, 2.0, 0.0, 7.0]),
    };
    let network = Case { weight: None, delay: None, ..Case::of(Rule::Explicit(list)) }.build();
    let seen: Vec<_> = network.synapses_of(0).map(|s| (s.source - 100, s.target - 100, s.weight, s.delay)).collect();
    let expected = [(1, 0, -1e-300, 0.0), (3, 4, 0.5, 7.0), (3, 5, 0.2, 0.1), (3, 5, 0.1, 2.0), (3, 5, 0.3, 2.0)];
    assert_eq!(seen, expected);
    assert_eq!((network.min_delay(), network.max_delay()), (0.0, 7.0));
}

#[test]
fn drawn_weights_and_delays_are_f32_values_in_four_bytes() {
    let case = Case {
        weight: Some(Distribution::normal(0.0, Spread::Sd(1.0)).into()),
        delay: Some(Distribution::normal(1.5, Spread::Cv(0.5)).into()),
        ..Case::of(Rule::FixedInDegree(20))
    };
    let network = case.build();
    for rows in network.projections()[0].stored().unwrap() {
        assert!(matches!(rows.weights, Column::Single(_)) && matches!(rows.delays, Delays::Each(Column::Single(_))));
        for source in rows.sources() {
            let delays: Vec<f64> = rows.pieces(source).map(|(_, delay)| delay).collect();
            assert!(delays.is_sorted(), "{delays:?}");
        }
    }
    // Truncated at mean / 20 = 0.075, up to rounding.
    assert!(network.min_delay() > 0.0749 && network.max_delay() > 2.0);
    let negative = network.synapses_of(0).filter(|s| s.weight < 0.0).count();
    assert!((800..1200).contains(&negative), "{negative} of 2000");
}

#[test]
fn rounded_delays_are_exact_multiples_and_at_least_one_step() {
    let delays = |min: Option<f64>| {
        let delay = Distribution::normal(0.2, Spread::Sd(0.2)).truncated(min, None);
        let case = Case { delay: Some(delay.into()), round_to: Some(0.1), ..Case::of(Rule::FixedInDegree(20)) };
        let network = case.build();
        let delays = &network.projections()[0].stored().unwrap()[0].delays;
        assert!(matches!(delays, Delays::Each(Column::Coded { .. }) | Delays::Runs(_)));
        case.synapses().iter().map(|s| s.delay).collect::<Vec<_>>()
    };
    let usual = delays(None);
    assert!(usual.iter().all(|d| *d >= 0.1 && (1..100).any(|n| f64::from(n) * 0.1 == *d)), "{usual:?}");
    assert!(usual.contains(&0.1) && usual.contains(&0.30000000000000004));
    let with_zero = delays(Some(0.0));
    assert!(with_zero.contains(&0.0) && with_zero.contains(&0.1));
}

#[test]
fn a_drawn_parameter_of_a_neuron_does_not_depend_on_the_others() {
    let tau_m = |size, e_l: Parameter| {
        let mut builder = NetworkBuilder::new(9);
        let tau_m = Distribution::skewed(Family::Lognormal, 20.0, Spread::Cv(0.5)).into();
        builder.population("E", size, LifSpec { tau_m, e_l, ..LifSpec::default() });
        let network = builder.build(&ONE_THREAD).unwrap();
        let Cells::Lif(Lif { tau_m, .. }) = &network.populations()[0].cells else { panic!("a LIF population") };
        tau_m.values(10).collect::<Vec<_>>()
    };
    let few = tau_m(10, Parameter::Value(-70.0));
    assert_eq!(few, tau_m(1000, Distribution::normal(-70.0, Spread::Sd(1.0)).into()));
    assert!(few.windows(2).all(|w| w[0] != w[1]));
}

#[test]
fn reset_and_initial_potential_follow_the_resting_potential() {
    let mut builder = NetworkBuilder::new(9);
    let e_l = Distribution::normal(-70.0, Spread::Sd(1.0)).into();
    builder.population("E", 10, LifSpec { e_l, ..LifSpec::default() });
    let network = builder.build(&ONE_THREAD).unwrap();
    let Cells::Lif(lif) = &network.populations()[0].cells else { panic!("a LIF population") };
    assert!(lif.e_l == lif.v_reset && lif.e_l == lif.v_init && lif.e_l.shared().is_none());
}

#[test]
fn global_indices_find_their_population() {
    let network = Case { sources: 3, targets: 5, ..Case::of(Rule::AllToAll) }.build();
    assert_eq!(network.neurons(), 8);
    let found: Vec<_> = (0..9).map(|gid| network.population_of(gid)).collect();
    let [a, b] = [Some(0), Some(1)];
    assert_eq!(found, [a, a, a, b, b, b, b, b, None]);
}

#[test]
fn a_network_without_synapses_has_no_delay() {
    let network = Case::of(Rule::FixedInDegree(0)).build();
    assert_eq!((network.synapses(), network.min_delay(), network.max_delay()), (0, f64::INFINITY, 0.0));
}

#[test]
fn predicted_size_is_the_size_and_guards_memory() {
    let weight = Some(Distribution::normal(0.1, Spread::Cv(0.1)).into());
    let case = Case { weight, ..Case::of(Rule::FixedInDegree(30)) };
    let (predicted, network) = (case.builder().predict(), case.build());
    assert_eq!((predicted.neurons, predicted.synapses), (200, network.synapses()));
    // Beyond the table: 16 bytes of state per source and 240 per neuron.
    assert_eq!(predicted.bytes, network.bytes() + 100 * 16 + 100 * 240);
    let limit = Some(predicted.bytes - 1);
    let refused = case.builder().build(&BuildOptions { memory_limit: limit, ..ONE_THREAD }).unwrap_err();
    assert_eq!(refused, NetworkError::Memory { predicted: predicted.bytes, limit: predicted.bytes - 1 });
    let allowed = BuildOptions { memory_limit: Some(predicted.bytes), ..ONE_THREAD };
    assert!(case.builder().build(&allowed).is_ok());
}

#[test]
fn the_least_delay_of_a_prediction_is_one_that_can_be_drawn() {
    let least = |delay: Distribution, round_to| {
        let case = Case { delay: Some(delay.into()), round_to, ..Case::of(Rule::FixedInDegree(20)) };
        let (predicted, network) = (case.builder().predict().least_delay, case.build());
        assert!(predicted <= network.min_delay(), "{predicted} ms, {} ms", network.min_delay());
        predicted
    };
    assert_eq!(least(Distribution::uniform(0.5, 1.5), None), 0.5);
    assert_eq!(least(Distribution::uniform(0.5, 1.5), Some(0.1)), 0.5);
    assert_eq!(least(Distribution::uniform(0.5, 1.5).truncated(Some(0.8), None), None), 0.8);
    assert_eq!(least(Distribution::uniform(0.01, 1.5), Some(0.1)), 0.1, "not rounded to 0");
    assert_eq!(least(Distribution::normal(1.5, Spread::Sd(0.1)).truncated(Some(0.3), None), None), 0.3);
}

/// A network that no machine has room for is refused, and not begun until the system ends the program.
#[cfg(target_os = "linux")]
#[test]
fn by_default_a_network_has_to_fit_into_this_machine() {
    let error = Case::of(Rule::FixedInDegree(u32::MAX)).builder().build(&BuildOptions::default()).unwrap_err();
    assert!(matches!(error, NetworkError::Memory { .. }), "{error}");
}

#[test]
fn a_drawn_weight_beyond_f32_is_refused() {
    let weight = Some(Distribution::uniform(1e39, 2e39).into());
    let message =
        Case { weight, ..Case::of(Rule::FixedInDegree(1)) }.builder().build(&ONE_THREAD).unwrap_err().to_string();
    assert!(message.contains("weight = inf, allowed: draws within the range of f32"), "{message}");
}

fn rules(sources: u32, targets: u32) -> impl Strategy<Value = Rule> {
    let listed = prop::collection::vec((0..sources, 0..targets), 0..60).prop_map(|pairs| {
        let (pre, post) = pairs.into_iter().unzip();
        Rule::Explicit(SynapseList { pre, post, weight: None, delay: None })
    });
    let most = (sources - 1).min(targets - 1);
    prop_oneof![
        (0..=most).prop_map(Rule::FixedInDegree),
        (0..=most).prop_map(Rule::FixedOutDegree),
        (0..=u64::from(most) * u64::from(targets)).prop_map(Rule::FixedTotal),
        (0.0..=1.0).prop_map(Rule::PairwiseBernoulli),
        Just(Rule::AllToAll),
        listed,
    ]
}

prop_compose! {
    fn cases()(recurrent in any::<bool>(), targets in 2..40u32, other in 2..40u32)(
        rule in rules(if recurrent { targets } else { other }, targets),
        switches in any::<(bool, bool)>(),
        individual in any::<(bool, bool, bool)>(),
        recurrent in Just(recurrent), targets in Just(targets), other in Just(other),
    ) -> Case {
        let listed = matches!(rule, Rule::Explicit(_));
        let drawn = |yes, mean| match yes {
            true => Parameter::Drawn(Distribution::normal(mean, Spread::Cv(0.5))),
            false => Parameter::Value(mean),
        };
        Case {
            recurrent,
            sources: other,
            targets,
            rule,
            autapses: listed || switches.0,
            multapses: listed || switches.1,
            weight: Some(drawn(individual.0, 2.0)),
            delay: Some(drawn(individual.1, 1.0)),
            round_to: (individual.1 && individual.2).then_some(0.1),
        }
    }
}

proptest! {
    #[test]
    fn the_network_does_not_depend_on_threads_or_block_size(case in cases(), threads in 2..5usize, block_size in 1..40u32) {
        let reference = case.build();
        let mut builder = case.builder();
        builder.block_size(Some(block_size));
        let network = builder.build(&BuildOptions { threads, ..ONE_THREAD }).unwrap();
        prop_assert_eq!(network.blocks().len(), case.targets.div_ceil(block_size) as usize);
        let [a, b] = [&reference, &network].map(|n| n.synapses_of(0).collect::<Vec<_>>());
        prop_assert_eq!(a, b);
        prop_assert_eq!(reference.min_delay(), network.min_delay());
        prop_assert_eq!(reference.max_delay(), network.max_delay());
    }

    /// The row of any target alone is what it is in one large block: what an engine sees does not depend on the blocks.
    #[test]
    fn rows_restricted_to_a_target_do_not_depend_on_block_size(case in cases(), block_size in 1..40u32) {
        let restricted = |block_size| {
            let mut builder = case.builder();
            builder.block_size(block_size);
            let network = builder.build(&ONE_THREAD).unwrap();
            let mut seen: BTreeMap<(u32, u32), Vec<(f64, f64)>> = BTreeMap::new();
            for (block, rows) in network.blocks().iter().zip(network.projections()[0].stored().unwrap()) {
                for source in rows.sources() {
                    for (i, delay) in rows.delayed(source) {
                        let key = (source, block.first + u32::from(rows.targets[i]));
                        seen.entry(key).or_default().push((delay, rows.weights.get(i)));
                    }
                }
            }
            seen
        };
        prop_assert_eq!(restricted(None), restricted(Some(block_size)));
    }

    #[test]
    fn rows_are_sorted_by_delay_then_target(case in cases()) {
        for rows in case.build().projections()[0].stored().unwrap() {
            for source in rows.sources() {
                prop_assert!(rows.delayed(source).map(|(i, delay)| (delay, rows.targets[i])).is_sorted());
            }
        }
    }
}
