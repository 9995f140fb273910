//! Stimuli that bring their targets: NARMA10, columns of a file, labels; and records of slow and fast ones.

use crate::{TEXT, folder, study};
use tauspike_study::measure::measure;
use tauspike_study::{Study, spec::from_text};

/// The tasks of `stimulus`, an `[[stimulus]]` called "x" with its `[[task]]`, by leaky integrators alone.
fn asked(stimulus: &str) -> String {
    format!(
        "name = \"given\"\nseeds = 1\nmodels = [\"LI\"]\n{stimulus}\n[sampling]\nstep_ms = 1.0\nwashout = 50\ntrain = 600\n\
         test = 300\n[li]\nbias = 1.0\n[network]\nn = 60\nin_degree = 5\ntau_ms = 4.0\n[[profile]]\nname = \"gamma\"\n\
         distribution = \"gamma\"\ncvs = [1.0]\n[[experiment]]\nname = \"profiles\"\n"
    )
}

/// Scores of the first heterogeneous network, by the name of the task.
fn scores(study: &Study) -> Vec<(String, f64)> {
    let planned = study.plan.iter().find(|planned| planned.cell.cv == 1.0).unwrap();
    let measured = measure(&planned.cell, &study.suite).unwrap();
    study.suite.tasks.iter().map(|task| task.id()).zip(measured.reads[0].scores.iter().map(|score| score.r2)).collect()
}

#[test]
fn narma10_is_driven_by_its_drive_and_asked_for_its_series() {
    let text = asked(
        "[[stimulus]]\nname = \"x\"\nkind = \"narma10\"\ncorrelation_time_ms = 1.0\n[[task]]\nstimulus = \"x\"\ntarget = \"narma10\"",
    );
    let folder = folder();
    let scores = scores(&study(folder.path(), &text));
    assert_eq!(scores.len(), 1);
    // y itself as a stimulus would be recalled perfectly; from its drive a small reservoir gets a part.
    assert!(scores[0].0 == "narma10x1/y0@+0" && scores[0].1 > 0.2 && scores[0].1 < 0.99, "{scores:?}");
}

#[test]
fn columns_and_labels_of_a_file_are_asked_and_drive_nothing() {
    let folder = folder();
    // Two tones, told apart by their period: class 4 and class 7, in turn; and a running product.
    let row = |k: usize| {
        let class = if (k / 50).is_multiple_of(2) { 4 } else { 7 };
        let u = (k as f64 * if class == 4 { 0.3 } else { 0.9 }).sin();
        let before = if k > 0 { ((k - 1) as f64 * 0.3).sin() } else { 0.0 };
        format!("{u},{},{class},{k}\n", 0.5 * u + 0.01 * before)
    };
    let rows: String = (0..1200).map(row).collect();
    std::fs::write(folder.path().join("tones.csv"), format!("u,y,class,k\n{rows}")).unwrap();
    let stimulus = "[[stimulus]]\nname = \"x\"\nkind = \"file\"\nfile = \"tones.csv\"\ncolumns = [\"u\"]\ntargets = [\"y\"]\n\
                    labels = \"class\"\ncorrelation_time_ms = 10.0\n[[task]]\nstimulus = \"x\"\ntarget = \"labels\"\n\
                    [[task]]\nstimulus = \"x\"\ntarget = \"y\"\nshifts_ms = [0.0, -3.0]";
    let scores = scores(&study(folder.path(), &asked(stimulus)));
    let names: Vec<&str> = scores.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["xx1/y1@+0", "xx1/y2@+0", "xx1/y0@+0", "xx1/y0@-3"]);
    // What is no class 4 is class 7: one readout is the other's complement.
    assert!(scores[0].1 > 0.5 && (scores[0].1 - scores[1].1).abs() < 1e-6, "{scores:?}");
    assert!(scores[2].1 > 0.9, "{scores:?}");
    let few = asked(stimulus).replace("labels = \"class\"", "labels = \"k\"");
    let message = from_text(&few, &folder.path().join("tiny.toml"), &[]).unwrap_err().to_string();
    assert!(message.contains("labels = \"k\"") && message.contains("it has 1200"), "{message}");
}

#[test]
fn shifts_follow_the_correlation_times_of_steps_below_a_millisecond() {
    let text = TEXT
        .replace("step_ms = 5.0\nwashout = 20", "step_ms = 0.5\nwashout = 800")
        .replace("shifts_ms = [-10.0, 0.0, 10.0]", "shifts_tau = [-2.0, 0.0, 0.5]")
        .replace("correlation_times_ms = [10.0]", "correlation_times_ms = [2.0, 200.0]");
    let (before, after) = (text.find("[[stimulus]]").unwrap(), text.find("[network]").unwrap());
    let text = format!("{}{}", &text[..before], &text[after..]);
    let folder = folder();
    let study = study(folder.path(), &text);
    for stimulus in &study.suite.stimuli {
        let tau = study.suite.tasks[stimulus.tasks[0]].correlation_time;
        assert_eq!(stimulus.len, 800 + 214 + tau as usize);
        let shifts: Vec<f64> = stimulus.tasks.iter().map(|k| study.suite.tasks[*k].target.factors[0].shift).collect();
        assert!(shifts.iter().all(|shift| [-2.0 * tau, 0.0, 0.5 * tau].contains(shift)));
        let linear = |k: &&usize| {
            study.suite.tasks[**k].target.degree() == 1 && study.suite.tasks[**k].target.factors[0].shift > 0.0
        };
        let possible = stimulus.tasks.iter().find(linear).map(|k| study.suite.tasks[*k].possible().unwrap());
        assert!(possible.is_none_or(|possible| (possible - (-1f64).exp()).abs() < 1e-12));
    }
}

/// Scores on rows that were not fitted add up to no more than the number of states, and under a memory of some steps to more than one.
#[test]
fn the_information_capacity_is_bounded_by_the_number_of_neurons() {
    let stimulus = "[[stimulus]]\nname = \"x\"\nkind = \"uniform\"\ncorrelation_time_ms = 1.0\n[[task]]\nstimulus = \"x\"\n\
                    capacity_windows = [15, 6, 3]";
    let text = asked(stimulus)
        .replace("n = 60", "n = 20")
        .replace("train = 600", "train = 3000")
        .replace("test = 300", "test = 1500");
    let folder = folder();
    let scores = scores(&study(folder.path(), &text));
    // C(15, 1) + C(7, 2) + C(5, 3) functions.
    assert_eq!(scores.len(), 15 + 21 + 10);
    let total: f64 = scores.iter().map(|(_, r2)| r2.max(0.0)).sum();
    assert!(total > 3.0 && total <= 20.0, "{total}: {scores:?}");
    let other = asked(stimulus).replace("kind = \"uniform\"", "kind = \"ornstein_uhlenbeck\"");
    let message = from_text(&other, &folder.path().join("tiny.toml"), &[]).unwrap_err().to_string();
    assert!(message.contains("capacity_windows") && message.contains("kind \"uniform\""), "{message}");
    let many = asked(stimulus).replace("[15, 6, 3]", "[15, 50, 51]");
    let message = from_text(&many, &folder.path().join("tiny.toml"), &[]).unwrap_err().to_string();
    assert!(message.contains("at most 10000 targets, not 2471"), "{message}");
}
