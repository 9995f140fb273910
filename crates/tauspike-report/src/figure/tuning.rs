//! What tuning the one time constant of homogeneous networks gives.

use super::{SCORE, Shown, axis, curve, log_axis, of_profile, point};
use crate::arm::{self, Setting, TUNED_TAU};
use crate::picture::{Figure, Lines, Panel, Series, Style};
use crate::statistics::{Estimate, Scores};
use crate::study::HOMOGENEOUS;
use crate::verdict;

pub(super) fn score_over_tau(shown: &Shown) -> Figure {
    let panel = |setting: &Setting| {
        let cells = shown.cells(TUNED_TAU, setting).filter(|cell| &*cell.profile.name == HOMOGENEOUS);
        let line = of_profile(HOMOGENEOUS, HOMOGENEOUS.into(), Style::Line, curve(cells, |cell| cell.tau_ms));
        if line.points.is_empty() {
            return None;
        }
        let mut series = vec![line];
        series.extend(level(&verdict::per_suite(shown.study, setting), "homogeneous, tuned to the suite", "--cold3"));
        series.extend(level(&verdict::per_task(shown.study, setting), "homogeneous, tuned to every task", "--cold1"));
        if let Some(skewed) = arm::reference(shown.study, setting) {
            let scores = arm::scores(arm::with_skewed(shown.study, setting, TUNED_TAU));
            series.extend(level(&scores, &skewed.label(), "--warm1"));
        }
        let (x, y) = (log_axis("time constant of homogeneous networks (ms)"), axis(SCORE));
        Some(Panel::Lines(Lines { title: setting.model.to_string(), x, y, series }))
    };
    Figure {
        name: "tuned_tau",
        title: "One skewed profile against tuned homogeneous networks".into(),
        caption:
            "Dashed: mean scores with their bands. Tuned levels are chosen for each seed on all other seeds, so that \
            they are not lucky; the one tuned to every task uses a different time constant for each."
                .into(),
        panels: shown.settings.iter().filter_map(panel).collect(),
    }
}

fn level(scores: &Scores, label: &str, colour: &str) -> Option<Series> {
    let values: Vec<f64> = scores.values().copied().collect();
    let points = vec![point(0.0, Estimate::of_mean(&values)?, String::new())];
    Some(Series { label: label.into(), colour: colour.into(), style: Style::Level, points })
}
