//! Which pictures does a report have?
//!
//! A figure is made only if the study has what it shows. Bars and bands are 95 % bootstrap intervals over seeds.
//!
//! | module | shows |
//! |---|---|
//! | `heterogeneity` | score over CV for each profile; map of the gain over tasks |
//! | `resources` | score over size; cost over score |
//! | `robustness` | score over each factor; the gain without recurrence and in other settings |
//! | `predictors` | gain over alignment and over dimensionality |
//! | `tuning` | score over the time constant of homogeneous networks |

mod heterogeneity;
mod predictors;
mod resources;
mod robustness;
mod tuning;

use crate::arm::{Profile, Setting, spoken};
use crate::cell::Cell;
use crate::picture::{Axis, Figure, Point, Series, Style, palette};
use crate::statistics::Estimate;
use crate::study::{HOMOGENEOUS, Study};
use crate::verdict::{self, MODELS};

/// All figures that the study has something for, in the order of the page.
pub fn figures(study: &Study, cells: &[Cell]) -> Vec<Figure> {
    let settings: Vec<Setting> = MODELS.iter().filter_map(|model| Setting::main(study, model)).collect();
    let shown = Shown { study, cells, settings };
    let all = [
        heterogeneity::score_over_cv(&shown),
        heterogeneity::task_map(&shown),
        resources::score_over_size(&shown),
        resources::cost_over_score(&shown),
        robustness::factors(&shown),
        robustness::gains(&shown),
        predictors::gain_over_predictors(&shown),
        tuning::score_over_tau(&shown),
    ];
    all.into_iter().filter(|figure| !figure.panels.is_empty()).collect()
}

/// What figures are made of.
struct Shown<'a> {
    study: &'a Study,
    cells: &'a [Cell],
    settings: Vec<Setting>,
}

impl Shown<'_> {
    /// The cells of an experiment in a setting.
    fn cells<'a>(&'a self, experiment: &'a str, setting: &'a Setting) -> impl Iterator<Item = &'a Cell> + Clone {
        self.cells.iter().filter(move |cell| &*cell.experiment == experiment && cell.setting == *setting)
    }
}

fn axis(label: &str) -> Axis {
    Axis { label: label.into(), log: false }
}

fn log_axis(label: &str) -> Axis {
    Axis { label: label.into(), log: true }
}

/// The label of every axis of scores.
const SCORE: &str = "mean score, max(R², 0)";

/// Points of cells, from left to right; one without a position is left out.
fn curve<'a>(cells: impl Iterator<Item = &'a Cell>, x: impl Fn(&Cell) -> f64) -> Vec<Point> {
    let point = |cell: &Cell| point(x(cell), cell.score, format!("; {}, N = {}", cell.profile.label(), cell.n));
    let mut points: Vec<Point> = cells.map(point).filter(|point| point.x.is_finite()).collect();
    points.sort_by(|a, b| a.x.total_cmp(&b.x));
    points
}

fn point(x: f64, estimate: Estimate, note: String) -> Point {
    let note = format!("; {} seeds{note}", estimate.seeds);
    Point { x, y: estimate.value, low: estimate.low, high: estimate.high, note }
}

/// A series in the colour of its profile.
fn of_profile(profile: &str, label: String, style: Style, points: Vec<Point>) -> Series {
    Series { label, colour: palette::of_profile(profile).into(), style, points }
}

/// The homogeneous and the skewed networks of an experiment as two lines.
fn two_lines(shown: &Shown, experiment: &str, setting: &Setting, skewed: &Profile, x: fn(&Cell) -> f64) -> Vec<Series> {
    let cells = shown.cells(experiment, setting);
    let homogeneous = curve(cells.clone().filter(|cell| &*cell.profile.name == HOMOGENEOUS), x);
    let skewed_points = curve(cells.filter(|cell| cell.profile == *skewed), x);
    [
        of_profile(HOMOGENEOUS, HOMOGENEOUS.into(), Style::Line, homogeneous),
        of_profile(&skewed.name, skewed.label(), Style::Line, skewed_points),
    ]
    .into_iter()
    .filter(|series| !series.points.is_empty())
    .collect()
}

/// What a caption about the ladder of sizes must add, if homogeneous networks are not at their best on it.
fn caveat(shown: &Shown) -> &'static str {
    let untuned = shown.settings.iter().any(|setting| verdict::untuned(shown.study, setting).is_some());
    if untuned {
        " The homogeneous networks are not at their best time constant: no factor of size or cost follows."
    } else {
        ""
    }
}

fn panel_title(setting: &Setting) -> String {
    format!("{} ({} input, {} readout)", setting.model, spoken(&setting.coding), spoken(&setting.readout))
}
