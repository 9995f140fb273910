//! One run of a reservoir serves every task.

use crate::{TEXT, folder, study};
use tauspike_study::measure::measure;

/// 300 tasks on one stimulus do the simulation work of one task: the counts are equal, not merely close.
#[test]
fn three_hundred_tasks_cost_the_simulation_of_one() {
    let folder = folder();
    let start = TEXT.find("[suite]").unwrap();
    let end = TEXT.find("[network]").unwrap();
    let suite = |degrees: &str, shifts: &str| {
        format!(
            "[suite]\ndegrees = {degrees}\nshifts_ms = {shifts}\ndimensions = [1]\ncorrelation_times_ms = [10.0]\n\n"
        )
    };
    let shifts: Vec<String> = (-20..5).map(|k| format!("{}.0", 5 * k)).collect();
    let degrees: Vec<String> = (1..=12).map(|d| d.to_string()).collect();
    let many = suite(&format!("[{}]", degrees.join(", ")), &format!("[{}]", shifts.join(", ")));
    // One task that looks as far ahead, so that the stimuli are equally long.
    let one = suite("[1]", "[20.0]");
    let [one, many] = [one, many].map(|suite| {
        let study = study(folder.path(), &[&TEXT[..start], &suite, &TEXT[end..]].concat());
        let planned = study.plan.iter().find(|p| p.cell.model_name() == "LIF" && p.cell.cv == 2.0).unwrap();
        measure(&planned.cell, &study.suite).unwrap()
    });
    assert_eq!((one.reads[0].scores.len(), many.reads[0].scores.len()), (1, 300));
    assert_eq!((one.operations, one.spiking, one.model_time), (many.operations, many.spiking, many.model_time));
}
