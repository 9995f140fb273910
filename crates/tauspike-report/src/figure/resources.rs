//! What a score costs: neurons, operations, energy.

use super::{SCORE, Shown, axis, caveat, log_axis, two_lines};
use crate::arm::{self, SIZE, Setting};
use crate::cell::{Cell, MEANS};
use crate::picture::{Figure, Lines, Panel, Point, told};
use crate::statistics::ladder;
use crate::verdict;
use tauspike_results::{Column, columns};

pub(super) fn score_over_size(shown: &Shown) -> Figure {
    let panel = |setting: &Setting| {
        let skewed = arm::reference(shown.study, setting)?;
        let mut series = two_lines(shown, SIZE, setting, &skewed, |cell| cell.n as f64);
        let ladder = verdict::rungs(shown.study, setting, &skewed, |network| network.n as f64);
        if let (Some((homogeneous, _)), Some(line)) = (ladder, series.get_mut(1)) {
            for point in &mut line.points {
                point.note += &match ladder::amount_at(&homogeneous, point.y) {
                    Some(n) => format!("; homogeneous networks score this at N = {}", told(n)),
                    None => "; no homogeneous size of the study scores this".into(),
                };
            }
        }
        (series.len() == 2).then(|| {
            let (x, y) = (log_axis("neurons N"), axis(SCORE));
            Panel::Lines(Lines { title: setting.model.to_string(), x, y, series })
        })
    };
    Figure {
        name: "score_over_size",
        title: "Score over the size of the network".into(),
        caption: format!(
            "The horizontal distance between the lines is the factor of neurons at equal score (statement 3). The N at which \
            homogeneous networks reach a skewed one's score is in the table, and told on hover; it is interpolated over log N and never extrapolated.{}",
            caveat(shown)
        ),
        panels: shown.settings.iter().filter_map(panel).collect(),
    }
}

/// The accounts, and how the axis is labelled.
const ACCOUNTS: [(Column, &str); 4] = [
    (columns::OPERATIONS, "operations on a computer"),
    (columns::ENERGY_CHIP_EVENT, "chip energy, events only (pJ)"),
    (columns::ENERGY_CHIP_CLOCKED, "chip energy, clocked (pJ)"),
    (columns::ENERGY_METABOLIC, "metabolic energy (ATP molecules)"),
];

pub(super) fn cost_over_score(shown: &Shown) -> Figure {
    let mut panels = Vec::new();
    for setting in &shown.settings {
        let Some(skewed) = arm::reference(shown.study, setting) else { continue };
        for (column, label) in ACCOUNTS {
            let at = MEANS.iter().position(|(mean, _)| *mean == column).expect("an account is one of the means");
            let mut series = two_lines(shown, SIZE, setting, &skewed, |cell| cell.n as f64);
            for series in &mut series {
                let of = |cell: &&Cell| series.label == cell.profile.label() || series.label == *cell.profile.name;
                let cells: Vec<&Cell> = shown.cells(SIZE, setting).filter(of).collect();
                series.points = cells.iter().filter_map(|cell| cost(cell, at)).collect();
            }
            if series.len() == 2 && series.iter().all(|series| !series.points.is_empty()) {
                let (x, y) = (axis(SCORE), log_axis(label));
                panels.push(Panel::Lines(Lines { title: setting.model.to_string(), x, y, series }));
            }
        }
    }
    Figure {
        name: "cost_over_score",
        title: "What a score costs".into(),
        caption: format!(
            "Lines join networks of growing size; at one score, the lower line is cheaper. The vertical bar is the interval of the \
            cost. Accounts of different boundaries have a panel each and are not to be compared with one another; the energies are linear \
            models of counted work, not measurements of a device.{}",
            caveat(shown)
        ),
        panels,
    }
}

fn cost(cell: &Cell, at: usize) -> Option<Point> {
    let cost = cell.means[at].filter(|cost| cost.low > 0.0)?;
    let note = format!("; {} seeds; N = {}", cost.seeds, cell.n);
    Some(Point { x: cell.score.value, y: cost.value, low: cost.low, high: cost.high, note })
}
