//! `export` writes what a scenario reads back: the same network, the same spikes.

use crate::{Bench, json, manifest};
use std::path::Path;
use std::process::Command;

/// Three models, several projections, one of them without a synapse of the second unit.
const MIXED: &str = r#"
name = "mixed"
seed = 3
duration_ms = 300.0

[[population]]
name = "P"
size = 8
model = "poisson"
rate_hz = 40.0

[[population]]
name = "E"
size = 30
model = "lif_delta"
tau_m_ms = { distribution = "lognormal", mean = 20.0, cv = 0.5 }
v_init_mv = { distribution = "uniform", low = -70.0, high = -56.0 }
i_e_pa = 230.0

[[population]]
name = "I"
size = 12
model = "lif_exp"
tau_m_ms = { distribution = "gamma", mean = 10.0, cv = 0.3 }
tau_syn_ex_ms = { distribution = "uniform", low = 1.0, high = 3.0 }
i_e_pa = 380.0
"#;

const WIRED: &str = r#"
[[projection]]
from = "P"
to = "E"
rule = "fixed_indegree"
indegree = 3
weight_mv = { distribution = "normal", mean = 2.0, sd = 0.5 }
delay_ms = { distribution = "uniform", low = 0.5, high = 3.0 }

[[projection]]
name = "E/I"
from = "E"
to = "I"
rule = "fixed_indegree"
indegree = 5
weight_pa = 40.0
delay_ms = 1.5

[[projection]]
from = "I"
to = "E"
rule = "fixed_outdegree"
outdegree = 6
weight_mv = -0.7
delay_ms = { distribution = "normal", mean = 1.5, sd = 0.3, min = 0.2 }
"#;

fn bench() -> Bench {
    let bench = Bench::new();
    std::fs::write(bench.path("mixed.toml"), format!("{MIXED}{WIRED}")).unwrap();
    bench
}

fn digest(bench: &Bench, scenario: &str, out: &str) -> serde_json::Value {
    json(&bench.expect(0, &["run", scenario, "--out", out, "--json"]))["digest"].clone()
}

/// The mixed network, all of it from the files: `weights` gives that of each projection, `neurons` that of each population.
fn read_back(weights: impl Fn(&str) -> String, neurons: impl Fn(&str) -> String) -> String {
    let population = |name: &str, size: u32, model: &str| {
        let file = neurons(name);
        format!("[[population]]\nname = \"{name}\"\nsize = {size}\nmodel = \"{model}\"\nparameters = \"{file}\"\n")
    };
    let projection = |name: &str, from: &str, to: &str| {
        let file = weights(name);
        format!(
            "[[projection]]\nname = \"{name}\"\nfrom = \"{from}\"\nto = \"{to}\"\nrule = \"explicit\"\nfile = \"{file}\"\n"
        )
    };
    let head = MIXED.split("[[population]]\nname = \"E\"").next().unwrap();
    [
        head.to_owned(),
        population("E", 30, "lif_delta"),
        population("I", 12, "lif_exp"),
        projection("P to E", "P", "E"),
        projection("E/I", "E", "I"),
        projection("I to E", "I", "E"),
    ]
    .concat()
}

#[test]
fn what_is_exported_reads_back_as_the_same_network() {
    let bench = bench();
    let original = digest(&bench, "mixed.toml", "original");
    for ending in ["parquet", "csv"] {
        let (weights, neurons) = (format!("w.{ending}"), format!("n.{ending}"));
        let text = bench.expect(0, &["export", "mixed.toml", "--connectivity", &weights, "--parameters", &neurons]);
        assert_eq!(text, format!("wrote   {weights}\nwrote   {neurons}\n"));
        std::fs::write(bench.path("back.toml"), read_back(|_| weights.clone(), |_| neurons.clone())).unwrap();
        assert_eq!(digest(&bench, "back.toml", &format!("from {ending}")), original, "{ending}");
    }
    bench.expect(0, &["export", "mixed.toml", "--connectivity", "w.npz", "--parameters", "n.npz"]);
    let plain = |name: &str| name.replace([' ', '/'], "_");
    let back = read_back(|name| format!("w.{}.npz", plain(name)), |name| format!("n.{name}.npz"));
    std::fs::write(bench.path("back.toml"), back).unwrap();
    assert_eq!(digest(&bench, "back.toml", "from npz"), original, "npz");
}

#[test]
fn one_column_of_the_table_reads_back_for_each_population() {
    let bench = bench();
    bench.expect(0, &["export", "mixed.toml", "--parameters", "n.parquet"]);
    let column = |key: &str| format!("{key} = {{ file = \"n.parquet\", column = \"{key}\" }}");
    let back = format!("{MIXED}{WIRED}")
        .replace("tau_m_ms = { distribution = \"lognormal\", mean = 20.0, cv = 0.5 }", &column("tau_m_ms"))
        .replace("tau_m_ms = { distribution = \"gamma\", mean = 10.0, cv = 0.3 }", &column("tau_m_ms"))
        .replace("tau_syn_ex_ms = { distribution = \"uniform\", low = 1.0, high = 3.0 }", &column("tau_syn_ex_ms"));
    std::fs::write(bench.path("back.toml"), back).unwrap();
    assert_eq!(digest(&bench, "back.toml", "back"), digest(&bench, "mixed.toml", "original"));
    // The rows of another population are not taken.
    let renamed = std::fs::read_to_string(bench.path("back.toml")).unwrap().replace("\"I\"", "\"J\"");
    std::fs::write(bench.path("renamed.toml"), renamed).unwrap();
    let error = bench.refused(2, &["check", "renamed.toml"]);
    assert!(error.contains("`population`") && error.contains("rows of E, I") && error.contains("rows of J"), "{error}");
}

#[test]
fn tables_have_units_in_their_names_and_one_row_a_neuron_or_synapse() {
    let bench = bench();
    bench.expect(0, &["export", "mixed.toml", "--connectivity", "w.csv", "--parameters", "n.csv"]);
    let text = |name: &str| std::fs::read_to_string(bench.path(name)).unwrap();
    let (synapses, neurons) = (text("w.csv"), text("n.csv"));
    assert_eq!(
        synapses.lines().next().unwrap(),
        "projection,source_population,target_population,source,target,pre,post,weight_mv,weight_pa,delay_ms"
    );
    assert_eq!(synapses.lines().count(), 1 + 30 * 3 + 12 * 5 + 12 * 6);
    let onto_i: Vec<&str> = synapses.lines().find(|line| line.starts_with("E/I,E,I,")).unwrap().split(',').collect();
    let number = |place: usize| onto_i[place].parse::<f64>().unwrap();
    assert_eq!((number(3) - number(5), number(4) - number(6)), (8.0, 38.0), "global less local");
    assert_eq!((onto_i[7], number(8), number(9)), ("", 40.0, 1.5));
    let head = neurons.lines().next().unwrap();
    assert!(
        head.starts_with("population,neuron,local,tau_m_ms,c_m_pf,") && head.ends_with("tau_syn_ex_ms,tau_syn_in_ms"),
        "{head}"
    );
    assert_eq!(neurons.lines().count(), 1 + 30 + 12, "sources have no parameters");
    assert!(neurons.lines().nth(1).unwrap().starts_with("E,8,0,"));
    // One projection alone has weights of one unit.
    bench.expect(0, &["export", "mixed.toml", "--connectivity", "one.csv", "--projection", "E/I"]);
    assert!(
        text("one.csv")
            .starts_with("projection,source_population,target_population,source,target,pre,post,weight_pa,delay_ms\n")
    );
}

fn exporting<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["export", "mixed.toml"], more].concat()
}

#[test]
fn nothing_is_replaced_unasked_and_what_cannot_be_written_is_refused_before_the_network_is_built() {
    let bench = bench();
    std::fs::write(bench.path("n.csv"), "mine").unwrap();
    assert!(bench.refused(3, &exporting(&["--connectivity", "w.csv", "--parameters", "n.csv"])).contains("--force"));
    assert!(!bench.path("w.csv").exists() && std::fs::read_to_string(bench.path("n.csv")).unwrap() == "mine");
    bench.expect(0, &exporting(&["--parameters", "n.csv", "--force"]));
    assert!(std::fs::read_to_string(bench.path("n.csv")).unwrap().starts_with("population"));
    assert!(bench.refused(2, &exporting(&["--parameters", "n.xlsx"])).contains(".parquet"));
    assert!(
        bench.refused(2, &exporting(&["--parameters", "x.csv", "--connectivity", "x.csv"])).contains("another one")
    );
    assert!(bench.refused(3, &exporting(&["--parameters", "nowhere/n.csv"])).contains("nowhere"));
    std::fs::create_dir(bench.path("folder.csv")).unwrap();
    assert!(bench.refused(3, &exporting(&["--parameters", "folder.csv", "--force"])).contains("folder.csv"));
    let error = bench.refused(2, &exporting(&["--connectivity", "w.csv", "--projection", "E to I"]));
    assert!(error.contains("\"E to I\"") && error.contains("\"E/I\""), "{error}");
    assert!(bench.refused(2, &["export", "mixed.toml"]).contains("--connectivity"));
    std::fs::write(bench.path("p.toml"), MIXED.split("[[population]]\nname = \"E\"").next().unwrap()).unwrap();
    assert!(bench.refused(2, &["export", "p.toml", "--parameters", "p.csv"]).contains("only sources"));
    let left =
        std::fs::read_dir(bench.path(".")).unwrap().filter_map(|entry| entry.unwrap().file_name().into_string().ok());
    assert!(left.into_iter().all(|name| !name.ends_with(".tmp")), "no temporary file is left");
}

#[test]
fn force_spares_what_the_scenario_reads_and_what_was_recorded() {
    let bench = bench();
    bench.expect(0, &["run", "mixed.toml", "--out", "out", "--quiet"]);
    for ending in ["csv", "npz"] {
        let (weights, neurons) = (format!("w.{ending}"), format!("n.{ending}"));
        bench.expect(0, &["export", "mixed.toml", "--connectivity", &weights, "--parameters", &neurons]);
        let plain = |name: &str| name.replace([' ', '/'], "_");
        let back = match ending {
            "npz" => read_back(|name| format!("w.{}.npz", plain(name)), |name| format!("n.{name}.npz")),
            _ => read_back(|_| weights.clone(), |_| neurons.clone()),
        };
        std::fs::write(bench.path("back.toml"), back).unwrap();
        let held = if ending == "npz" { "w.E_I.npz" } else { "w.csv" };
        let before = std::fs::read(bench.path(held)).unwrap();
        let seed = ["--set", "seed=9", "--force"];
        let error = bench.refused(3, &[&["export", "back.toml", "--connectivity", &weights][..], &seed].concat());
        assert!(error.contains("w.") && error.contains("back.toml reads it"), "{error}");
        let error = bench.refused(3, &[&["export", "back.toml", "--parameters", &neurons][..], &seed].concat());
        assert!(error.contains("n.") && error.contains("back.toml reads it"), "{error}");
        assert_eq!(std::fs::read(bench.path(held)).unwrap(), before);
    }
    let before = std::fs::read(bench.path("out/spikes.parquet")).unwrap();
    for name in ["out/spikes.parquet", "out/neurons.parquet"] {
        let error = bench.refused(3, &exporting(&["--parameters", name, "--force"]));
        assert!(error.contains(name) && error.contains("recording of a run"), "{error}");
    }
    assert_eq!(std::fs::read(bench.path("out/spikes.parquet")).unwrap(), before);
}

#[test]
fn a_run_keeps_the_parameters_beside_its_spikes_for_a_raster_sorted_by_them() {
    let bench = bench();
    bench.expect(0, &["run", "mixed.toml", "--out", "out", "--quiet"]);
    bench.expect(0, &["export", "mixed.toml", "--parameters", "n.parquet"]);
    let bytes = |path: &Path| std::fs::read(path).unwrap();
    assert_eq!(bytes(&bench.path("out/neurons.parquet")), bytes(&bench.path("n.parquet")));
    let outputs = manifest(&bench.path("out"))["outputs"].to_string();
    assert!(outputs.contains("neurons.parquet"), "{outputs}");
    bench.expect(0, &["plot", "raster", "out", "--sort", "tau_m", "-o", "sorted.svg"]);
    let svg = std::fs::read_to_string(bench.path("sorted.svg")).unwrap();
    assert!(
        svg.contains("sorted by tau_m") && svg.contains("tau_m (ms)") && svg.contains("<polygon"),
        "says how it is sorted"
    );
    // As another run over it, and for spikes alone with the file named.
    bench.expect(0, &["run", "mixed.toml", "--out", "out", "--quiet", "--force"]);
    std::fs::copy(bench.path("out/spikes.parquet"), bench.path("alone.parquet")).unwrap();
    std::fs::create_dir(bench.path("elsewhere")).unwrap();
    std::fs::rename(bench.path("alone.parquet"), bench.path("elsewhere/alone.parquet")).unwrap();
    let sort = ["plot", "raster", "elsewhere/alone.parquet", "--sort", "tau_m", "-o", "alone.svg"];
    let error = bench.refused(2, &sort);
    assert!(error.contains("neurons.parquet") && error.contains("--parameters"), "{error}");
    bench.expect(0, &[&sort[..], &["--parameters", "n.parquet"]].concat());
    assert!(bench.refused(2, &["plot", "rate", "out", "--sort", "tau_m", "-o", "r.svg"]).contains("plot raster"));
}

/// The same numbers, as the programs that people use read them.
const READ: &str = r#"
import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix, load_npz

synapses = pd.read_parquet("w.parquet")
assert synapses.equals(pd.read_csv("w.csv").astype(synapses.dtypes.to_dict())), "CSV and Parquet"
matrix = load_npz("w.E_I.npz")
assert matrix.format == "csr" and matrix.shape == (30, 12)
of = synapses[synapses["projection"] == "E/I"]
assert (matrix != coo_matrix((of["weight_pa"], (of["pre"], of["post"])), matrix.shape).tocsr()).nnz == 0
neurons = pd.read_parquet("n.parquet").query("population == 'I'")
arrays = np.load("n.I.npz")
assert (arrays["tau_m_ms"] == neurons["tau_m_ms"]).all() and (arrays["neuron"] == neurons["neuron"]).all()
"#;

#[test]
fn pandas_numpy_and_scipy_read_what_is_written() {
    let bench = bench();
    for ending in ["parquet", "csv", "npz"] {
        let (weights, neurons) = (format!("w.{ending}"), format!("n.{ending}"));
        bench.expect(0, &["export", "mixed.toml", "--connectivity", &weights, "--parameters", &neurons]);
    }
    let output =
        Command::new(crate::readme::python()).args(["-W", "error", "-c", READ]).current_dir(bench.path(".")).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
