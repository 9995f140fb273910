//! Which pictures does a report have?
//!
//! A figure is made only if the study has what it shows. Bars and bands are 95 % intervals of Student's t over seeds.
//!
//! | module | shows |
//! |---|---|
//! | `mean` | score and firing rate over the mean time constant; map of the score over mean and CV |
//! | `shift` | score over the shift of the task, beside what the stimulus allows |
//! | `heterogeneity` | gain over realised CV; maps of the gain over tasks |
//! | `taus` | how time constants are spread |
//! | `resources` | score over size; cost over score |
//! | `robustness` | score over each factor; the gain under other conditions |
//! | `predictors` | gain over alignment and over effective rank |

mod heterogeneity;
mod mean;
mod predictors;
mod resources;
mod robustness;
mod shift;
mod taus;

use crate::arm::{self, Profile, Setting};
use crate::cell::Cell;
use crate::picture::{Figure, Point, Series, Style, palette};
use crate::statistics::{Estimate, mean};
use crate::study::{Network, Study};

/// All figures that the study has something for, in the order of the page.
pub fn figures(study: &Study, cells: &[Cell]) -> Vec<Figure> {
    let shown = Shown { study, cells };
    let all = [
        mean::score_over_mean(&shown),
        mean::score_over_mean_and_cv(&shown),
        shift::score_over_shift(&shown),
        heterogeneity::gain_over_cv(&shown),
        heterogeneity::task_maps(&shown),
        resources::score_over_size(&shown),
        resources::cost_over_score(&shown),
        robustness::factors(&shown),
        robustness::gains(&shown),
        predictors::gain_over_predictors(&shown),
        mean::rate_over_mean(&shown),
        taus::histograms(&shown),
    ];
    all.into_iter().filter(|figure| !figure.panels.is_empty()).collect()
}

/// What figures are made of.
struct Shown<'a> {
    study: &'a Study,
    cells: &'a [Cell<'a>],
}

impl Shown<'_> {
    /// The cells of an experiment in a setting.
    fn cells<'a>(&'a self, experiment: &'a str, setting: Setting) -> impl Iterator<Item = &'a Cell<'a>> + Clone {
        let mine = move |cell: &&Cell| &*cell.first.model == setting.model && &*cell.first.readout == setting.readout;
        self.cells.iter().filter(mine).filter(move |cell| &*cell.first.experiment == experiment)
    }
}

/// The label of every axis of scores.
const SCORE: &str = "mean score, max(R², 0)";
/// The label of every axis of mean time constants.
const MEAN_TAU: &str = "mean time constant (ms)";

/// Points of cells, from left to right; one without a position is left out.
fn curve<'a>(cells: impl Iterator<Item = &'a Cell<'a>>, x: impl Fn(&Cell) -> f64) -> Vec<Point> {
    let mut points: Vec<Point> =
        cells.map(|cell| point(x(cell), cell.score, String::new())).filter(|point| point.x.is_finite()).collect();
    points.sort_by(|a, b| a.x.total_cmp(&b.x));
    points
}

fn point(x: f64, estimate: Estimate, note: String) -> Point {
    let note = format!("; {} seeds{note}", estimate.seeds);
    Point { x, y: estimate.value, low: estimate.low, high: estimate.high, note }
}

/// A series in the colour of its profile; the reference has one that other CVs of its profile have not.
fn of_profile(study: &Study, profile: &Profile, style: Style, points: Vec<Point>) -> Series {
    let is_reference = study.reference.as_ref() == Some(profile);
    let colour = if is_reference { palette::REFERENCE } else { palette::of_profile(&profile.name) };
    Series { label: profile.label(), colour: colour.into(), style, points }
}

/// The profiles that are followed one by one: homogeneous, the reference, and at most two others of `mean`, the broadest of those that
/// are not skewed (of equals the first by name) and the skewed one nearest to it in CV.
fn followed(study: &Study) -> Vec<Profile> {
    let networks = || study.networks.iter().filter(|network| &*network.experiment == arm::MEAN);
    let all = arm::profiles(networks());
    let (skewed, other): (Vec<&Profile>, Vec<&Profile>) =
        all.iter().filter(|profile| profile.cv > 0.0).partition(|profile| arm::is_skewed(networks(), &profile.name));
    let broadest = other.into_iter().max_by(|a, b| a.cv.total_cmp(&b.cv).then(b.name.cmp(&a.name)));
    let far = |profile: &Profile| broadest.map_or(f64::INFINITY, |other| (profile.cv - other.cv).abs());
    let nearest = skewed.into_iter().min_by(|a, b| far(a).total_cmp(&far(b)));
    let mut followed = vec![Profile::homogeneous()];
    for profile in broadest.into_iter().chain(nearest).chain(study.reference.as_ref()) {
        if !followed.contains(profile) {
            followed.push(profile.clone());
        }
    }
    followed
}

/// The networks of a profile at the mean time constant that is best for the whole suite.
fn best_point<'a>(study: &'a Study, setting: Setting, profile: &Profile) -> Vec<&'a Network> {
    let points = arm::points(profile.of(setting.networks(study, arm::MEAN)));
    let score = |point: &[&Network]| mean(&point.iter().map(|network| network.score).collect::<Vec<_>>());
    points.into_iter().max_by(|a, b| score(a).total_cmp(&score(b))).unwrap_or_default()
}

/// The range that all series of panels need.
fn shared<'a>(series: impl Iterator<Item = &'a Series>) -> Option<[f64; 2]> {
    let ends = series
        .flat_map(|series| &series.points)
        .flat_map(|point| [point.low, point.high])
        .filter(|end| end.is_finite());
    let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), end| (a.min(end), b.max(end)));
    (low <= high).then_some([low, high])
}
