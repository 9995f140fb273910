//! Every kind of bad input is refused by [`load`], with the file, the field, the value and what is allowed.

mod files;

use std::fs;
use std::path::PathBuf;
use tauspike_scenario::load;
use tempfile::TempDir;

const GOOD: &str = r#"
name = "small"
duration_ms = 10.0

[[population]]
name = "E"
size = 10
model = "lif_delta"
tau_m_ms = 20.0

[[population]]
name = "X"
size = 4
model = "lif_exp"

[[population]]
name = "noise"
size = 4
model = "poisson"
rate_hz = 10.0

[[projection]]
from = "E"
to = "E"
rule = "fixed_indegree"
indegree = 3
weight_mv = 0.1
delay_ms = 1.5

[[projection]]
from = "noise"
to = "X"
rule = "all_to_all"
weight_pa = 10.0
delay_ms = 0.5

[[input]]
kind = "poisson"
target = "E"
rate_hz = 100.0
weight_mv = 1.0
"#;

struct Folder(TempDir);

impl Folder {
    fn new(text: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        fs::write(folder.path(), text).unwrap();
        folder
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("scenario.toml")
    }

    fn refusal(&self, set: &[&str]) -> String {
        let set: Vec<String> = set.iter().map(|set| set.to_string()).collect();
        load(&self.path(), &set).expect_err("this scenario is wrong").to_string()
    }
}

/// The refusal of the good scenario with these lines replaced names the file and line, and has the other three parts.
#[track_caller]
fn refused(from: &str, to: &str, [field, value, allowed]: [&str; 3]) {
    assert_eq!(GOOD.matches(from).count(), 1, "{from} stands once in the good scenario");
    let folder = Folder::new(&GOOD.replace(from, to));
    let message = folder.refusal(&[]);
    assert!(message.starts_with(&format!("{}: ", folder.path().display())), "file: {message}");
    assert!(message.contains("line "), "line: {message}");
    check(&message, [field, value, allowed]);
}

/// The same, by `--set`.
#[track_caller]
fn refused_set(set: &str, parts: [&str; 3]) {
    let folder = Folder::new(GOOD);
    let message = folder.refusal(&[set]);
    assert!(message.starts_with(&format!("{}: --set {set}", folder.path().display())), "file and origin: {message}");
    check(&message, parts);
}

#[track_caller]
fn check(message: &str, [field, value, allowed]: [&str; 3]) {
    assert!(message.contains(field), "field {field}: {message}");
    assert!(message.contains(&format!("= {value}")), "value {value}: {message}");
    let after = message.split("allowed: ").nth(1).unwrap_or_else(|| panic!("allowed: {message}"));
    assert!(after.contains(allowed), "allowed {allowed}: {message}");
}

#[test]
fn the_good_scenario_is_accepted() {
    let folder = Folder::new(GOOD);
    let scenario = load(folder.0.path(), &["seed=3".into(), "population.E.tau_m_ms=10".into()]).unwrap();
    assert_eq!((scenario.seed(), scenario.duration(), scenario.name()), (3, 10.0, "small"));
    assert!(scenario.text().contains("tau_m_ms = 10"));
    let prediction = scenario.predict().unwrap();
    assert_eq!((prediction.neurons, prediction.synapses), (18, 46));
    assert_eq!(load(&folder.path(), &[]).unwrap().text(), GOOD, "without --set the text is the file's own");
}

#[test]
fn a_misspelt_key_is_refused_with_the_nearest_right_one() {
    refused("indegree = 3", "indgree = 3", ["projection 0: indgree", "3", "did you mean `indegree`"]);
    refused("duration_ms", "duratoin_ms", ["duratoin_ms", "10.0", "did you mean `duration_ms`"]);
    refused(
        "size = 10",
        "size = 10\ncolour = \"red\"",
        ["population \"E\": colour", "\"red\"", "the keys here are name"],
    );
    refused(
        "rule = \"all_to_all\"",
        "rule = \"all_to_all\"\nplasticity = \"stdp\"",
        ["projection 1: plasticity", "\"stdp\"", "name, from, to, rule, weight_pa"],
    );
    refused_set("record.spiks=false", ["record.spiks", "false", "did you mean `spikes`"]);
    refused_set("population.E.tau_m_ms={distribution=gamma}", ["tau_m_ms", "\"{distribution=gamma}\"", "a number"]);
    refused_set(
        "population.E.tau_m_ms={distribution=\"gamma\", mean=2, cv=1, skewness=1}",
        ["population \"E\": tau_m_ms.skewness", "1", "the keys here are mean"],
    );
}

#[test]
fn a_wrong_unit_is_refused_with_the_right_key() {
    refused("tau_m_ms = 20.0", "tau_m_s = 0.02", ["population \"E\": tau_m_s", "0.02", "`tau_m_ms`"]);
    refused("tau_m_ms = 20.0", "tau_m = 20", ["population \"E\": tau_m", "20", "`tau_m_ms`"]);
    refused("duration_ms = 10.0", "duration_s = 10", ["duration_s", "10", "`duration_ms`"]);
    refused("weight_pa = 10.0", "weight_mv = 10.0", ["projection 1: weight_mv", "10.0", "`weight_pa`, because \"X\""]);
    refused("weight_mv = 0.1", "weight_pa = 1.0", ["projection 0: weight_pa", "1.0", "`weight_mv`, because \"E\""]);
}

#[test]
fn a_wrong_sign_is_refused() {
    refused("tau_m_ms = 20.0", "tau_m_ms = -20.0", ["population \"E\": tau_m_ms", "-20", "> 0"]);
    refused("tau_m_ms = 20.0", "tau_m_ms = 0", ["population \"E\": tau_m_ms", "0", "> 0"]);
    refused("delay_ms = 1.5", "delay_ms = -1.5", ["projection \"E to E\": delay_ms", "-1.5", ">= 0"]);
    refused("duration_ms = 10.0", "duration_ms = -10.0", ["duration_ms", "-10", "> 0"]);
    refused("rate_hz = 100.0", "rate_hz = -100.0", ["input \"poisson to E\": rate_hz", "-100", ">= 0"]);
    refused_set("population.E.t_ref_ms=-1", ["population \"E\": t_ref_ms", "-1", ">= 0"]);
    refused_set("population.E.c_m_pf=-1", ["population \"E\": c_m_pf", "-1", "> 0"]);
    refused_set("population.X.tau_syn_ex_ms=0", ["population \"X\": tau_syn_ex_ms", "0", "> 0"]);
    refused_set("warmup_ms=-1", ["warmup_ms", "-1", ">= 0"]);
    refused_set("seed=-1", ["seed", "-1", "an integer from 0"]);
}

#[test]
fn nan_and_infinity_are_refused() {
    refused("tau_m_ms = 20.0", "tau_m_ms = nan", ["population \"E\": tau_m_ms", "nan", "a finite number"]);
    refused("weight_mv = 0.1", "weight_mv = -inf", ["projection 0: weight_mv", "-inf", "a finite number"]);
    refused_set("population.E.v_th_mv=inf", ["population \"E\": v_th_mv", "inf", "a finite number"]);
    refused_set("population.X.tau_m_ms=[1, 2, nan, 4]", ["population \"X\": tau_m_ms[2]", "nan", "a finite number"]);
    refused_set(
        "population.E.tau_m_ms={distribution=\"gamma\", mean=inf, cv=1}",
        ["population \"E\": tau_m_ms.mean", "inf", "a finite number"],
    );
}

#[test]
fn a_distribution_that_cannot_exist_is_refused() {
    let set = |distribution: &str| format!("population.E.tau_m_ms={{{distribution}}}");
    let place = "population \"E\": tau_m_ms";
    refused_set(&set("distribution=\"gama\", mean=2, cv=1"), [place, "\"gama\"", "did you mean \"gamma\""]);
    refused_set(&set("distribution=\"gamma\", mean=2, cv=-1"), ["tau_m_ms.cv", "-1", ">= 0"]);
    refused_set(&set("distribution=\"gamma\", mean=-2, cv=1"), ["tau_m_ms.mean", "-2", "> 0 for this family"]);
    refused_set(&set("distribution=\"inverse_gamma\", mean=2, cv=1.5"), ["tau_m_ms.cv", "1.5", "below 1"]);
    refused_set(&set("distribution=\"beta\", mean=2, cv=0.5, skewness=-2"), ["tau_m_ms.skewness", "-2", "cv - 1/cv"]);
    refused_set(&set("distribution=\"log_uniform\", mean=-2, cv=0.5"), ["tau_m_ms.mean", "-2", "> 0"]);
    refused_set(&set("distribution=\"arcsine\", mean=2"), ["tau_m_ms.cv", "absent", ">= 0"]);
    refused_set(&set("distribution=\"normal\", mean=2"), ["tau_m_ms.cv", "absent", "sd instead"]);
    refused_set(&set("distribution=\"normal\", mean=2, cv=1, sd=1"), ["tau_m_ms.sd", "1", "either cv or sd"]);
    refused_set(&set("distribution=\"uniform\", low=2, mean=1"), ["tau_m_ms.mean", "1", "beside `low and high`"]);
    refused_set(
        &set("distribution=\"normal\", mean=2, cv=1, min=90"),
        [place, "a distribution of which [90, inf] keeps 0", "keep at least 1 %"],
    );
    refused_set(&set("distribution=\"uniform\", low=2, high=1"), ["tau_m_ms.high", "1", "at least low"]);
    // What is named is what was written, and not what follows from it.
    for (distribution, parts) in [
        ("distribution=\"two_point\", mean=20, cv=0.5, skewness=1e9", [".skewness", "1000000000", "both values"]),
        ("distribution=\"uniform\", low=-1e308, high=1e308", [".high", "1e308;", "above low"]),
        ("distribution=\"uniform\", mean=1e308, cv=0.9", [".cv", "0.9;", "sqrt(3) sd are finite"]),
        ("distribution=\"arcsine\", mean=1e308, cv=1.5", [".cv", "1.5;", "sqrt(2) sd is finite"]),
        ("distribution=\"inverse_gamma\", mean=2, sd=3", [".sd", "3;", "below 1"]),
        ("distribution=\"log_uniform\", mean=2, sd=60", [".sd", "60;", "at most 18"]),
        (
            "distribution=\"normal\", mean=2, cv=1, max=-1e300",
            ["tau_m_ms", "a distribution of which [-inf, -1e300] keeps 0", "1 %"],
        ),
    ] {
        refused_set(&set(distribution), parts);
    }
    refused_set(
        "projection.0.delay_ms={distribution=\"uniform\", low=1, high=2, round_to_ms=1e-300}",
        ["projection 0: delay_ms.round_to_ms", "1e-300;", "at most 65535"],
    );
    // Rare values are refused too, whether or not this seed draws them: the lower one has a probability of 1 %.
    let rare = "distribution=\"two_point\", mean=10, cv=1.1, skewness=-9";
    refused_set(&set(rare), ["tau_m_ms.lower value", "-90", "> 0"]);
    let values = vec!["5"; 500].join(", ");
    refused_set(&set(&format!("distribution=\"empirical\", values=[{values}, -1]")), ["tau_m_ms.values", "-1", "> 0"]);
    refused_set(
        "population.E.t_ref_ms={distribution=\"normal\", mean=2, sd=2}",
        ["population \"E\": t_ref_ms", "-", "give the distribution a `min`"],
    );
}

#[test]
fn what_would_fire_without_end_is_refused() {
    let set = ["population.E.t_ref_ms=0", "population.E.i_e_pa=1e12"];
    check(&Folder::new(GOOD).refusal(&set), ["population \"E\": i_e_pa", "1000000000000", "1e9 spikes a second"]);
    refused_set("population.E.i_e_pa=1e300", ["population \"E\": i_e_pa", "1e300 ", "V_inf = E_L"]);
    refused_set("population.E.i_e_pa=-1e20", ["population \"E\": i_e_pa", "-1e20", "V_inf = E_L"]);
    refused_set("population.E.tau_m_ms=1e300", ["population \"E\": tau_m_ms", "1e300", "1e-9 to 1e15"]);
    refused_set("population.E.v_init_mv=1e12", ["population \"E\": v_init_mv", "1000000000000", "V_inf = E_L"]);
    refused_set("projection.0.weight_mv=1e200", ["projection \"E to E\": weight_mv", "1e200", "every neuron"]);
    let current = |levels: &str, scale: f64| {
        let signal = format!("signal={{times_ms=[0, 1], values_pa={levels}}}, scale={scale:?}");
        format!("input=[{{kind=\"current\", target=\"E\", {signal}}}]")
    };
    for (levels, scale) in [("[1e15, 0]", 1.0), ("[0, 1e200]", 1e200), ("[0, 1e200]", -1e200), ("[-1e20, 0]", 1.0)] {
        let set = ["population.E.t_ref_ms=0", &current(levels, scale)];
        let message = Folder::new(GOOD).refusal(&set);
        for part in ["--set input=", "input \"current to E\": signal = ", "neuron 0 of \"E\"", "pA: V_inf"] {
            assert!(message.contains(part), "{message} lacks {part}");
        }
    }
    refused_set("input.0.rate_hz=1e10", ["input \"poisson to E\": rate_hz", "10000000000", "at most 1e9 Hz"]);
    let set = ["population.noise.profile={times_ms=[0, 1], values=[1e9, 0]}"];
    check(
        &Folder::new(GOOD).refusal(&set),
        ["population \"noise\": rate_hz", "10", "the largest value of its profile"],
    );
    refused(
        "size = 4\nmodel = \"poisson\"\nrate_hz = 10.0",
        "size = 2\nmodel = \"spike_trains\"\nencode = { signal = { times_ms = [0, 1], values = [0, 1] }, delta = 1e-9 }",
        ["population \"noise\": encode.delta", "1e-9", "at most 1e8 spikes"],
    );
    refused_set("duration_ms=2e12", ["duration_ms", "2000000000000", "at most 1e12"]);
    refused_set("record.counters_interval_ms=1e-9", ["record.counters_interval_ms", "1e-9", "at least 1e-6"]);
    let probe = "record.probe=[{population=\"E\", neurons=[0], interval_ms=1e-9}]";
    refused_set(probe, ["record.probe 0: interval_ms", "1e-9", "at least 1e-6"]);
}

#[test]
fn reset_at_or_above_threshold_is_refused() {
    refused_set("population.E.v_reset_mv=-55", ["population \"E\": v_reset_mv", "-55", "below v_th = -55"]);
    refused("tau_m_ms = 20.0", "v_th_mv = -75", ["population \"E\": v_reset (= e_l)", "-70", "below v_th = -75"]);
    refused_set(
        "population.E.e_l_mv=-50",
        ["population \"E\": e_l_mv (which v_reset follows)", "-50", "below v_th = -55"],
    );
}

#[test]
fn an_empty_population_is_refused() {
    refused("size = 10", "size = 0", ["population \"E\": size", "0", "an integer from 1"]);
    refused("size = 10", "size = 10.5", ["population \"E\": size", "10.5", "an integer from 1"]);
    let folder = Folder::new("name = \"none\"\nduration_ms = 1");
    check(&folder.refusal(&[]), ["population", "absent", "at least one [[population]]"]);
}

#[test]
fn a_degree_that_cannot_be_met_is_refused() {
    let set = ["projection.0.multapses=false", "projection.0.indegree=11"];
    check(&Folder::new(GOOD).refusal(&set), ["projection \"E to E\": indegree", "11", "at most 10"]);
    let set = ["projection.0.multapses=false", "projection.0.autapses=false", "projection.0.indegree=10"];
    check(&Folder::new(GOOD).refusal(&set), ["projection \"E to E\": indegree", "10", "at most 9"]);
    let set = ["projection.1.rule=one_to_one", "population.X.size=5"];
    check(&Folder::new(GOOD).refusal(&set), ["projection \"noise to X\": rule", "one-to-one", "not 4 and 5"]);
    refused_set("projection.0.indegree=-1", ["projection 0: indegree", "-1", "an integer from 0"]);
    refused("rule = \"all_to_all\"", "rule = \"bernoulli\"\nprobability = 1.5", ["probability", "1.5", "1"]);
}

#[test]
fn an_unknown_name_is_refused_with_the_nearest_one() {
    refused("to = \"X\"", "to = \"Y\"", ["projection 1: to", "\"Y\"", "One of \"E\", \"X\""]);
    refused("from = \"noise\"", "from = \"nosie\"", ["projection 1: from", "\"nosie\"", "did you mean \"noise\""]);
    refused("to = \"X\"", "to = \"noise\"", ["projection 1: to", "\"noise\"", "not of model poisson"]);
    refused("model = \"lif_exp\"", "model = \"lif_cond\"", ["population \"X\": model", "\"lif_cond\"", "\"lif_exp\""]);
    refused("rule = \"all_to_all\"", "rule = \"all_to_al\"", ["projection 1: rule", "\"all_to_al\"", "did you mean"]);
    refused("kind = \"poisson\"", "kind = \"noise\"", ["input 0: kind", "\"noise\"", "\"current\""]);
    refused_set("input.0.target=e", ["input 0: target", "\"e\"", "did you mean \"E\""]);
}

#[test]
fn a_name_used_twice_is_refused() {
    refused("name = \"X\"", "name = \"E\"", ["population \"E\": name", "\"E\"", "a unique name"]);
    let set = ["projection.0.name=one", "projection.1.name=one"];
    check(&Folder::new(GOOD).refusal(&set), ["projection \"one\": name", "\"one\"", "a unique name"]);
}

#[test]
fn what_is_missing_or_of_the_wrong_type_is_refused() {
    refused("weight_mv = 0.1\n", "", ["projection \"E to E\": weight_mv = ", "nothing", "a value"]);
    refused("weight_pa = 10.0\n", "", ["projection \"noise to X\": weight_pa = ", "nothing", "a value"]);
    refused("delay_ms = 0.5\n", "", ["projection \"noise to X\": delay_ms = ", "nothing", "a value"]);
    refused("rate_hz = 10.0", "", ["population \"noise\": rate_hz", "absent", "a number"]);
    refused("indegree = 3", "", ["projection 0: indegree", "absent", "an integer"]);
    refused("tau_m_ms = 20.0", "tau_m_ms = \"20\"", ["population \"E\": tau_m_ms", "\"20\"", "a number"]);
    refused_set("projection.0.autapses=1", ["projection 0: autapses", "1", "true or false"]);
    refused_set("population.X.tau_m_ms=[1, 2]", ["population \"X\": tau_m_ms", "2 values", "4 values"]);
    refused_set("input.0.members=[1, 10]", ["input 0: members[1]", "10", "from 0 to 9"]);
    refused_set(
        "input.0.members=[2, 1]",
        ["input \"poisson to E\": members", "1 (of member 1)", "strictly increasing"],
    );
    refused_set("input.0.start_ms=nan", ["input 0: start_ms", "nan", ">= 0"]);
}

#[test]
fn a_probe_that_cannot_look_is_refused() {
    let set = |probe: &str| format!("record.probe=[{{{probe}}}]");
    let probe = "record.probe 0: ";
    refused_set(&set("population=\"E\", neurons=[10], interval_ms=1"), [probe, "10", "from 0 to 9"]);
    refused_set(&set("population=\"noise\", neurons=[0], interval_ms=1"), [probe, "\"noise\"", "not of model poisson"]);
    refused_set(&set("population=\"E\", neurons=[0]"), ["interval_ms", "absent", "times_ms instead"]);
    refused_set(&set("population=\"E\", neurons=[0], interval_ms=0"), ["interval_ms", "0", "> 0"]);
    refused_set(&set("population=\"E\", neurons=[0], times_ms=[2, 1]"), ["times_ms", "[2, 1]", "strictly increasing"]);
    refused_set(
        &set("population=\"E\", neurons=[0], times_ms=[1, 2e12]"),
        ["times_ms", "[1, 2000000000000.0]", "at most 1e12"],
    );
}

#[test]
fn a_network_beyond_the_memory_of_the_machine_is_refused_before_it_is_built() {
    let set = ["population.E.size=2000000000", "projection.0.indegree=100000"];
    let folder = Folder::new(GOOD);
    let message = folder.refusal(&set);
    assert!(message.starts_with(&folder.path().display().to_string()), "{message}");
    check(&message, ["network: predicted memory", "", "which this machine has available"]);
    assert!(message.contains(" MiB (2000000008 neurons, 200000000000016 synapses)"), "{message}");
}

#[test]
fn a_path_that_leads_nowhere_is_refused_with_the_value() {
    refused_set("population.Z.size=5", ["population.Z.size", "5;", "in place of `Z`: "]);
    refused_set("population.E=5", ["population.E", "5;", "a path to a key of `E`"]);
    let current = "input=[{kind=\"current\", target=\"E\", signal={times_ms=[0, 1], values_pa=[1, 2]}}]";
    let refused = Folder::new(GOOD).refusal(&[current, "input.0.signal.values_pa.0=9.0"]);
    check(&refused, ["input.0.signal.values_pa.0", "9.0;", "a path to `values_pa`, which is set as a whole"]);
}

#[test]
fn text_that_is_not_toml_is_refused_with_its_line() {
    let folder = Folder::new("name = \"x\"\nduration_ms = = 3\n");
    let message = folder.refusal(&[]);
    assert!(message.starts_with(&format!("{}: line 2: `duration_ms = = 3`: ", folder.path().display())), "{message}");
    let missing = folder.0.path().join("none.toml");
    let message = load(&missing, &[]).unwrap_err().to_string();
    assert!(message.starts_with(&format!("{}: cannot be read: ", missing.display())), "{message}");
}
