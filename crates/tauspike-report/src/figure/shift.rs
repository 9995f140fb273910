//! Over the shift of the task: what the stimulus allows, and how much of it is reached.

use super::{SCORE, Shown, best_point, followed, of_profile, point};
use crate::arm::Setting;
use crate::picture::{Axis, Figure, Lines, Panel, Point, Series, Style};
use crate::statistics::{Estimate, mean};
use crate::study::{Network, Outcome, Study, Task, share_of_possible};
use std::collections::BTreeMap;

pub(super) fn score_over_shift(shown: &Shown) -> Figure {
    let in_times = shown.study.tasks.iter().all(|task| task.correlation_time_ms > 0.0);
    let unit = if in_times { "correlation times of the stimulus" } else { "ms" };
    let shifts = by_shift(shown.study, in_times);
    let panel = |setting: Setting| {
        let mut series = vec![possible(shown.study, &shifts)];
        for profile in followed(shown.study) {
            let networks = best_point(shown.study, setting, &profile);
            let reached = |(shift, tasks): (&i64, &Vec<usize>)| reached(shown.study, &networks, *shift, tasks);
            let points: Vec<Point> = shifts.iter().filter_map(reached).collect();
            series.push(of_profile(shown.study, &profile, Style::Line, points));
        }
        series.retain(|series| !series.points.is_empty());
        let x = Axis::new(format!("shift D ({unit})"));
        (series.len() > 1 && shifts.len() > 1).then(|| {
            Panel::Lines(Lines { title: setting.label(), x, y: Axis::new(SCORE).with(Some([0.0, 1.0])), series })
        })
    };
    Figure {
        name: "score_over_shift",
        title: "How much of what the stimulus allows is reached?".into(),
        caption: "Mean over the tasks of each shift; below 0 recalls, above 0 predicts. The line of what the stimulus allows is the mean R² of \
            the best function of the stimulus up to now: 1 for recall, less for what is yet to come. Each profile at the mean that is best for \
            the whole suite; each point tells its score as a share of what is possible, on hover and under Numbers. Tasks of which nobody \
            knows what is possible are left out."
            .into(),
        panels: Setting::all().filter_map(panel).collect(),
    }
}

/// The tasks of which it is known what is possible, by shift in thousandths.
fn by_shift(study: &Study, in_times: bool) -> BTreeMap<i64, Vec<usize>> {
    let mut shifts: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    let unit = |task: &Task| if in_times { task.correlation_time_ms } else { 1.0 };
    for (at, task) in study.tasks.iter().enumerate().filter(|(_, task)| task.possible_r2.is_finite()) {
        shifts.entry((1000.0 * task.shift_ms / unit(task)).round() as i64).or_default().push(at);
    }
    shifts
}

fn possible(study: &Study, shifts: &BTreeMap<i64, Vec<usize>>) -> Series {
    let point = |(shift, tasks): (&i64, &Vec<usize>)| {
        let y = mean(&tasks.iter().map(|task| study.tasks[*task].possible_r2).collect::<Vec<_>>());
        Point { x: *shift as f64 / 1000.0, y, low: y, high: y, note: format!("; {} tasks", tasks.len()) }
    };
    let points = shifts.iter().map(point).collect();
    Series { label: "what the stimulus allows".into(), colour: "--cold3".into(), style: Style::Line, points }
}

/// Score of networks of several seeds in the tasks of one shift.
fn reached(study: &Study, networks: &[&Network], shift: i64, tasks: &[usize]) -> Option<Point> {
    let of = |network: &&Network| -> Vec<Outcome> {
        network.outcomes.iter().filter(|outcome| tasks.contains(&outcome.task)).copied().collect()
    };
    let outcomes: Vec<Vec<Outcome>> = networks.iter().map(of).filter(|outcomes| !outcomes.is_empty()).collect();
    let score = |of: &Vec<Outcome>| mean(&of.iter().map(|outcome| outcome.r2.max(0.0)).collect::<Vec<_>>());
    let scores: Vec<f64> = outcomes.iter().map(score).collect();
    let share = share_of_possible(outcomes.iter().flatten(), &study.tasks);
    let note = format!("; {:.0} % of what is possible", 100.0 * share);
    Some(point(shift as f64 / 1000.0, Estimate::of_mean(&scores)?, note))
}
