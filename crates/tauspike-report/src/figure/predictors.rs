//! Does the gain follow alignment, or dimensionality?

use super::Shown;
use crate::arm::{self, MEAN, Setting};
use crate::picture::{Axis, Figure, Lines, Panel, Point, Series, Style, palette};
use crate::study::Network;
use crate::verdict;

/// Networks that are drawn in a panel: an SVG holds each of them.
const MOST_POINTS: usize = 600;

type Predictor<'a> = dyn Fn(&Network, &Network) -> f64 + 'a;

pub(super) fn gain_over_predictors(shown: &Shown) -> Figure {
    let mut panels = Vec::new();
    for setting in Setting::all().filter(|setting| setting.readout != "membrane") {
        let pairs = verdict::pairs(shown.study, setting);
        let alignment = |network: &Network, base: &Network| network.alignment - base.alignment;
        let rank = |network: &Network, base: &Network| network.effective_rank / base.effective_rank;
        let predictors: [(Axis, &Predictor); 2] = [
            (Axis::new("change of mean alignment"), &alignment),
            (Axis::log("effective rank, times that of homogeneous"), &rank),
        ];
        for (x, predictor) in predictors {
            let series = series(&pairs, predictor);
            if !series.is_empty() {
                let y = Axis::new("score - homogeneous, same mean");
                panels.push(Panel::Lines(Lines { title: setting.label(), x, y, series }));
            }
        }
    }
    Figure {
        name: "predictors",
        title: "Alignment against dimensionality as predictors of the gain".into(),
        caption: format!(
            "Each mark is a network (at most about {MOST_POINTS} are drawn) against the homogeneous one of its seed and mean, in \
             experiment \"{MEAN}\". What each predicts within a CV is with statement 7. Alignment is computed with the target, so that \
             some relation is expected by construction."
        ),
        panels,
    }
}

fn series(pairs: &[(&Network, &Network)], predictor: &Predictor) -> Vec<Series> {
    let every = pairs.len().div_ceil(MOST_POINTS).max(1);
    let mut names: Vec<&str> = pairs.iter().map(|(network, _)| &*network.profile.name).collect();
    names.sort_unstable();
    names.dedup();
    let points = |name: &str| -> Vec<Point> {
        let mine = pairs.iter().step_by(every).filter(|(network, _)| &*network.profile.name == name);
        let point = |(network, base): &(&Network, &Network)| {
            let gain = network.score - base.score;
            let note = format!("; CV {}, mean {} ms, seed {}", network.profile.cv, network.tau_ms(), network.seed);
            Point { x: predictor(network, base), y: gain, low: gain, high: gain, note }
        };
        mine.map(point).filter(|point| point.x.is_finite()).collect()
    };
    let series = names.into_iter().map(|name| Series {
        label: arm::spoken(name),
        colour: palette::of_profile(name).into(),
        style: Style::Dots,
        points: points(name),
    });
    series.filter(|series| !series.points.is_empty()).collect()
}
