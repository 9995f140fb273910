//! Score over CV for each profile, and over which tasks the gain is.

use super::{SCORE, Shown, axis, curve, of_profile, panel_title, point};
use crate::arm::{self, PROFILES, Profile, Setting};
use crate::cell::Cell;
use crate::picture::{Figure, Lines, Map, Panel, Style};
use crate::statistics::Estimate;
use crate::study::{HOMOGENEOUS, Network};
use std::collections::BTreeMap;

pub(super) fn score_over_cv(shown: &Shown) -> Figure {
    let panel = |setting: &Setting| {
        let cells = shown.cells(PROFILES, setting);
        let mut names: Vec<&str> =
            cells.clone().map(|cell| &*cell.profile.name).filter(|name| *name != HOMOGENEOUS).collect();
        names.dedup();
        let base: Vec<f64> =
            arm::scores(setting.networks(shown.study, PROFILES).filter(|n| n.is_homogeneous())).into_values().collect();
        let level = Estimate::of_mean(&base).map(|estimate| vec![point(0.0, estimate, String::new())]);
        let mut series: Vec<_> =
            level.into_iter().map(|points| of_profile(HOMOGENEOUS, HOMOGENEOUS.into(), Style::Level, points)).collect();
        for name in names {
            let points = curve(cells.clone().filter(|cell| &*cell.profile.name == name), |cell: &Cell| cell.profile.cv);
            series.push(of_profile(name, arm::spoken(name), Style::Line, points));
        }
        let drawn = series.iter().any(|series| series.style == Style::Line);
        let (x, y) = (axis("CV of the time constants"), axis(SCORE));
        drawn.then(|| Panel::Lines(Lines { title: panel_title(setting), x, y, series }))
    };
    Figure {
        name: "score_over_cv",
        title: "Score over the level of heterogeneity, for each profile".into(),
        caption: "Mean score over the suite at equal mean time constant. Warm colours are skewed to the right, cold ones are not; \
            the dashed line and band are homogeneous networks of the same seeds. Differences between profiles at one CV are paired by \
            seed and are surer than the bars suggest."
            .into(),
        panels: shown.settings.iter().filter_map(panel).collect(),
    }
}

pub(super) fn task_map(shown: &Shown) -> Figure {
    let panel = |setting: &Setting| {
        let reference = arm::reference(shown.study, setting)?;
        let gains = gain_by_task(shown, setting, &reference);
        let tasks = &shown.study.tasks;
        let mut degrees: Vec<u64> = gains.keys().map(|task| tasks[*task].degree).collect();
        degrees.sort_unstable();
        degrees.dedup();
        let mut shifts: Vec<f64> = gains.keys().map(|task| tasks[*task].shift_ms).collect();
        shifts.sort_unstable_by(f64::total_cmp);
        shifts.dedup();
        let value = |degree: u64, shift: f64| {
            let here =
                gains.iter().filter(|(task, _)| tasks[**task].degree == degree && tasks[**task].shift_ms == shift);
            let (sum, count) = here.fold((0.0, 0), |(sum, count), (_, gain)| (sum + gain, count + 1));
            sum / f64::from(count)
        };
        let values: Vec<Vec<f64>> =
            degrees.iter().map(|&degree| shifts.iter().map(|&shift| value(degree, shift)).collect()).collect();
        (!values.is_empty()).then(|| {
            Panel::Map(Map {
                title: format!("{}: {}", setting.model, reference.label()),
                x_label: "shift D (ms); below 0 recalls, above 0 predicts".into(),
                y_label: "degree d".into(),
                value_label: "gain".into(),
                columns: shifts.iter().map(|shift| shift.to_string()).collect(),
                rows: degrees.iter().map(|degree| degree.to_string()).collect(),
                values,
            })
        })
    };
    Figure {
        name: "task_map",
        title: "Over which tasks is the gain?".into(),
        caption: "Score of the skewed profile minus homogeneous for each degree d and shift D of the task, mean over seeds, dimensions \
            and correlation times. Intervals are not shown here: a single field rests on few tasks and is less sure than the suite; \
            warm is a gain, cold a loss, an empty field has no task."
            .into(),
        panels: shown.settings.iter().filter_map(panel).collect(),
    }
}

/// Mean over seeds of the difference in score, by task.
fn gain_by_task(shown: &Shown, setting: &Setting, reference: &Profile) -> BTreeMap<usize, f64> {
    let mean = |kind: &dyn Fn(&Network) -> bool| {
        let mut sums: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for outcome in setting.networks(shown.study, PROFILES).filter(|n| kind(n)).flat_map(|n| &n.outcomes) {
            let (sum, count) = sums.entry(outcome.task).or_default();
            *sum += outcome.r2.max(0.0);
            *count += 1.0;
        }
        sums
    };
    let base = mean(&Network::is_homogeneous);
    let skewed = mean(&|network| Profile::of(network) == *reference);
    let gain = |(task, (sum, count)): (usize, (f64, f64))| {
        let (before, of) = base.get(&task)?;
        Some((task, sum / count - before / of))
    };
    skewed.into_iter().filter_map(gain).collect()
}
