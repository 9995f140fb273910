//! Does the gain follow alignment, or dimensionality?

use super::{Shown, axis};
use crate::arm::{self, PROFILES};
use crate::picture::{Axis, Figure, Lines, Panel, Point, Series, Style, palette};
use crate::study::Network;
use crate::verdict;

/// Networks that are drawn in a panel: an SVG holds each of them.
const MOST_POINTS: usize = 1500;

pub(super) fn gain_over_predictors(shown: &Shown) -> Figure {
    let mut panels = Vec::new();
    for setting in &shown.settings {
        let pairs = verdict::pairs(shown.study, setting);
        let alignment = |network: &Network, base: &Network| network.mean_alignment() - base.mean_alignment();
        let dimension = |network: &Network, base: &Network| network.participation_ratio / base.participation_ratio;
        let log = Axis { label: "participation ratio, times that of homogeneous".into(), log: true };
        let predictors: [(Axis, &Predictor); 2] = [(axis("change of mean alignment"), &alignment), (log, &dimension)];
        for (x, predictor) in predictors {
            let series = series(shown, &pairs, predictor);
            if !series.is_empty() {
                panels.push(Panel::Lines(Lines {
                    title: setting.model.to_string(),
                    x,
                    y: axis("gain in mean score over homogeneous"),
                    series,
                }));
            }
        }
    }
    Figure {
        name: "predictors",
        title: "Alignment against dimensionality as predictors of the gain".into(),
        caption: format!(
            "Each mark is a network (at most about {MOST_POINTS} are drawn) against the homogeneous one of its seed, in experiment {PROFILES}. The cross-validated R² \
             of both predictors is with statement 7. Alignment is computed with the target, so that some relation is expected by \
             construction."
        ),
        panels,
    }
}

type Predictor<'a> = dyn Fn(&Network, &Network) -> f64 + 'a;

fn series(shown: &Shown, pairs: &[(&Network, &Network)], predictor: &Predictor) -> Vec<Series> {
    let every = pairs.len().div_ceil(MOST_POINTS).max(1);
    let mut names: Vec<&str> = pairs.iter().map(|(network, _)| &*network.profile).collect();
    names.sort_unstable();
    names.dedup();
    let points = |name: &str| -> Vec<Point> {
        let mine = pairs.iter().step_by(every).filter(|(network, _)| &*network.profile == name);
        let point = |(network, base): &(&Network, &Network)| {
            let gain = network.score - base.score;
            let note = format!("; CV {}, seed {}", network.cv, network.seed);
            Point { x: predictor(network, base), y: gain, low: gain, high: gain, note }
        };
        mine.map(point).filter(|point| point.x.is_finite()).collect()
    };
    let all: Vec<&Network> = shown.study.networks.iter().collect();
    // Skewed ones above the others.
    names.sort_by_key(|name| arm::is_skewed(&all, name));
    let series = names.into_iter().map(|name| Series {
        label: arm::spoken(name),
        colour: palette::of_profile(name).into(),
        style: Style::Dots,
        points: points(name),
    });
    series.filter(|series| !series.points.is_empty()).collect()
}
