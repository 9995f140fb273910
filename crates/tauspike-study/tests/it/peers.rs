//! Scores against scikit-learn, stimuli against reservoirpy.

use crate::{TEXT, folder, python, study};
use serde_json::Value;
use std::process::{Command, Stdio};
use tauspike_study::measure::{TaskScore, measure};
use tauspike_study::{Study, StudyError, export};
use tauspike_task::stimulus::{lorenz, mackey_glass};

/// What a program prints, as JSON.
fn json(program: &str, argument: &str) -> Value {
    let output = Command::new(python())
        .args(["-W", "ignore", "-c", program, argument])
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// With the lambda that we chose; then lambda itself, by scikit-learn's own search over the same folds and candidates.
const RIDGE: &str = r#"
import json, sys
import numpy as np
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.model_selection import KFold, cross_val_predict
folder = sys.argv[1]
about = json.load(open(folder + "/export.json"))
scores = {}
for k, stimulus in enumerate(about["stimuli"]):
    x, y = np.load(f"{folder}/states_{k}.npy"), np.load(f"{folder}/targets_{k}.npy")
    train, test = slice(*stimulus["train"]), slice(*stimulus["test"])
    scale = ((x[train] - x[train].mean(0)) ** 2).sum() / x.shape[1]
    lambdas = scale * 10.0 ** np.arange(-8, 2)
    centred = x[test] - x[test].mean(0)
    kernel = centred @ centred.T
    spectrum = np.linalg.svd(x[train] - x[train].mean(0), compute_uv=False) ** 2
    for j, task in enumerate(stimulus["tasks"]):
        # The order of rows within a fold does not matter to ridge; folds are contiguous, of sizes that differ by one at most.
        error = [((cross_val_predict(Ridge(alpha=a, solver="svd"), x[train], y[train, j], cv=Folds(about["folds"])) - y[train, j]) ** 2).sum()
                 for a in lambdas]
        a = lambdas[int(np.argmin(error))]
        fit = Ridge(alpha=a, solver="svd").fit(x[train], y[train, j])
        t = y[test, j] - y[test, j].mean()
        aligned = t @ kernel @ t / (np.linalg.norm(kernel) * (t @ t))
        scores[task] = [a, r2_score(y[test, j], fit.predict(x[test])), aligned, (spectrum / (spectrum + a)).sum()]
print(json.dumps(scores))
"#;

/// Contiguous folds from k n / folds to (k + 1) n / folds, rounded down, which is not quite scikit-learn's KFold.
const FOLDS: &str = r#"
import numpy as np
class Folds:
    def __init__(self, count): self.count = count
    def get_n_splits(self, *a, **k): return self.count
    def split(self, x, y=None, groups=None):
        n = len(x)
        for k in range(self.count):
            test = np.arange(k * n // self.count, (k + 1) * n // self.count)
            yield np.setdiff1d(np.arange(n), test), test
"#;

#[test]
fn scores_lambdas_and_alignments_are_those_of_scikit_learn() {
    let folder = folder();
    let study = study(folder.path(), TEXT);
    for (model, readouts) in [
        ("all/LI/", &["states_{k}"][..]),
        ("all/LIF/", &["states_{k}", "states_{k}_membrane"]),
        ("damage/LIF/gamma/cv2/lost_neurons=0.3", &["states_{k}"]),
    ] {
        let planned = study.plan.iter().find(|p| p.id().starts_with(model) && p.cell.cv == 2.0).unwrap();
        let out = folder.path().join("export");
        export(&study, &planned.id(), &out).unwrap();
        let ours = measure(&planned.cell, &study.suite).unwrap();
        for (states, read) in readouts.iter().zip(&ours.reads) {
            let program = format!("{FOLDS}{RIDGE}").replace("states_{k}", states);
            let theirs = json(&program, out.to_str().unwrap());
            assert_eq!(theirs.as_object().unwrap().len(), study.suite.tasks.len());
            same(&study, &theirs, &read.scores);
        }
    }
}

fn same(study: &Study, theirs: &Value, ours: &[TaskScore]) {
    for (task, score) in study.suite.tasks.iter().zip(ours) {
        let [lambda, r2, aligned, rank] = [0, 1, 2, 3].map(|k| theirs[task.id()][k].as_f64().unwrap());
        assert!((score.effective_rank - rank).abs() < 1e-6, "{}: {} {rank}", task.id(), score.effective_rank);
        assert!((score.lambda / lambda - 1.0).abs() < 1e-9, "{}: lambda {} {lambda}", task.id(), score.lambda);
        assert!((score.r2 - r2).abs() < 1e-8, "{}: r2 {} {r2}", task.id(), score.r2);
        assert!((score.nrmse - (1.0 - r2).sqrt()).abs() < 1e-8);
        assert!((score.alignment - aligned).abs() < 1e-8, "{}: {} {aligned}", task.id(), score.alignment);
    }
}

#[test]
fn an_unknown_network_is_refused_with_a_name_that_exists() {
    let folder = folder();
    let study = study(folder.path(), TEXT);
    let error = export(&study, "all/XX", &folder.path().join("x")).unwrap_err();
    assert!(matches!(error, StudyError::Unknown { .. }) && error.to_string().contains("all/LI/homogeneous"), "{error}");
}

const STIMULI: &str = r#"
import json
import numpy as np
from reservoirpy.datasets import lorenz, mackey_glass
# n states over n h, ends included, so they are n h / (n - 1) apart.
x = lorenz(101, x0=[1.0, 2.0, 20.0], h=0.02 * 100 / 101, method="DOP853", rtol=1e-12, atol=1e-12)
y = mackey_glass(500, x0=1.1, seed=1)[:, 0]
print(json.dumps({"lorenz": x.tolist(), "mackey_glass": y.tolist()}))
"#;

#[test]
fn lorenz_is_that_of_reservoirpy() {
    let theirs = json(STIMULI, "");
    let ours = lorenz([1.0, 2.0, 20.0], 0.02 / 200.0, 100 * 200 + 1);
    for (k, theirs) in theirs["lorenz"].as_array().unwrap().iter().enumerate() {
        for i in 0..3 {
            let difference = ours[k * 200][i] - theirs[i].as_f64().unwrap();
            assert!(difference.abs() < 1e-8, "{k} {i}: {difference}");
        }
    }
}

/// Its stages are not those of Runge and Kutta, so each step is taken from its own series.
#[test]
fn every_step_of_mackey_glass_is_near_that_of_reservoirpy() {
    let theirs = json(STIMULI, "");
    let theirs: Vec<f64> = theirs["mackey_glass"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
    assert_eq!(theirs.len(), 500);
    for k in 17..499 {
        let ours = mackey_glass(&theirs[k - 17..k], theirs[k], 1.0, 2)[1];
        assert!((ours - theirs[k + 1]).abs() < 6e-3, "{k}: {ours} {}", theirs[k + 1]);
    }
}
