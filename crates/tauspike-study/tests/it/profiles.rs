//! Time constants of a study are what its file asks for, and exported with the weights, so that others can run the network.

use crate::{TEXT, folder, python, study};
use serde_json::Value;
use std::process::Command;
use tauspike_study::export;
use tauspike_study::profile::Realised;

#[test]
fn values_of_a_file_are_narrowed_and_widened_to_any_cv() {
    let folder = folder();
    let text = TEXT.replace("values = [4.0, 5.0, 9.0, 40.0]", "values = [4.0, 5.0, 9.0, 40.0]\ncvs = [0.5, 1.5]");
    let study = study(folder.path(), &text);
    let measured: Vec<_> = study.plan.iter().filter(|planned| planned.cell.profile.name == "measured").collect();
    assert!(measured.iter().any(|p| p.cell.cv == 0.5) && measured.iter().any(|p| p.cell.cv == 1.5));
    for planned in measured {
        let cell = &planned.cell;
        let taus = cell.profile.draw((cell.tau, cell.cv), cell.tau_min, cell.n, cell.seed).unwrap();
        let realised = Realised::of(&taus, cell.tau_min);
        assert!(
            (realised.cv - cell.cv).abs() < 1e-3 && (realised.mean - cell.tau).abs() < 1e-3 * cell.tau,
            "{realised:?}"
        );
        assert!(realised.distinct <= 4);
    }
}

#[test]
fn an_experiment_may_ask_for_another_cv_of_a_file() {
    let folder = folder();
    let text = format!("{TEXT}\n[[experiment]]\nname = \"narrow\"\narms = [{{ profile = \"measured\", cv = 0.3 }}]\n");
    let study = study(folder.path(), &text);
    assert!(study.plan.iter().any(|p| p.id().starts_with("narrow/LI/measured/cv0.3/")));
}

/// States of the rate model from the exported stimulus, time constants and weights, in NumPy.
const LEAKY_INTEGRATORS: &str = r#"
import json, sys
import numpy as np
folder = sys.argv[1]
about = json.load(open(folder + "/export.json"))
tau, bias = np.load(folder + "/taus.npy"), np.load(folder + "/bias.npy")
source, weight = np.load(folder + "/sources.npy").astype(int), np.load(folder + "/weights.npy")
W = np.zeros((len(tau), len(tau)))
np.add.at(W, (np.arange(len(tau))[:, None], source), weight)
worst = 0.0
for k, stimulus in enumerate(about["stimuli"]):
    u, states = np.load(f"{folder}/stimulus_{k}.npy"), np.load(f"{folder}/states_{k}.npy")
    Win = np.load(folder + "/input_weights.npy")[:, : u.shape[1]] / np.sqrt(u.shape[1])
    decay, x, all = np.exp(-about["step_ms"] / tau), np.zeros(len(tau)), []
    for now in u:
        x = decay * x + (1 - decay) * np.tanh(W @ x + Win @ now + bias)
        all.append(x)
    rows = np.array(all)[stimulus["first_row"] :][: len(states)]
    worst = max(worst, abs(rows - states).max())
r = about["realised"]
print(json.dumps([worst, abs(r["mean_ms"] - tau.mean()), abs(r["cv"] - tau.std() / tau.mean()), abs(r["median_ms"] - np.median(tau))]))
"#;

#[test]
fn exported_weights_and_time_constants_give_the_exported_states() {
    let folder = folder();
    let text = TEXT.replace("[network]", "[li]\nnoise = 0.0\n\n[network]");
    let study = study(folder.path(), &text);
    let planned = study.plan.iter().find(|p| p.id().starts_with("all/LI/") && p.cell.cv == 2.0).unwrap();
    let out = folder.path().join("export");
    export(&study, &planned.id(), &out).unwrap();
    let output = Command::new(python()).args(["-c", LEAKY_INTEGRATORS, out.to_str().unwrap()]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let differences: Value = serde_json::from_slice(&output.stdout).unwrap();
    for difference in differences.as_array().unwrap() {
        assert!(difference.as_f64().unwrap() < 1e-10, "{differences}");
    }
}
