//! What a score costs: neurons, operations, energy.

use super::{SCORE, Shown, of_profile, point};
use crate::arm::{self, Profile, SIZE, Setting};
use crate::picture::{Axis, Figure, Lines, Panel, Point, Series, Style, told};
use crate::statistics::Estimate;
use crate::study::Network;
use crate::verdict::ACCOUNTS;

pub(super) fn score_over_size(shown: &Shown) -> Figure {
    let panel = |setting: Setting| {
        let series = arms(shown, setting, |_, score, n| Some(point(n, score, String::new())));
        (series.len() == 2).then(|| {
            Panel::Lines(Lines { title: setting.label(), x: Axis::log("neurons N"), y: Axis::new(SCORE), series })
        })
    };
    Figure {
        name: "score_over_size",
        title: "Score over the size of the network".into(),
        caption: "Both arms at the mean time constant that is best for them at each size, chosen for each seed on all other seeds. The \
            horizontal distance between the lines is the factor of neurons at equal score (statement 3)."
            .into(),
        panels: Setting::all().filter_map(panel).collect(),
    }
}

pub(super) fn cost_over_score(shown: &Shown) -> Figure {
    let mut panels = Vec::new();
    let units = ["operations on a computer", "chip energy without readout (pJ)", "metabolic energy (ATP molecules)"];
    for setting in Setting::all().filter(|setting| setting.readout != "membrane") {
        for ((_, amount), unit) in ACCOUNTS.iter().zip(units) {
            let series = arms(shown, setting, |networks, score, n| {
                let logs = arm::own_best(networks.iter().copied(), |network| amount(network).ln());
                let cost = Estimate::of_mean(&logs.into_values().collect::<Vec<_>>())?.exp();
                let note = format!("; {} seeds; N = {}", cost.seeds, told(n));
                Some(Point { x: score.value, y: cost.value, low: cost.low, high: cost.high, note })
            });
            if series.len() == 2 {
                panels.push(Panel::Lines(Lines {
                    title: setting.label(),
                    x: Axis::new(SCORE),
                    y: Axis::log(unit),
                    series,
                }));
            }
        }
    }
    Figure {
        name: "cost_over_score",
        title: "What a score costs".into(),
        caption: "Lines join networks of growing size, both arms at their own best mean; at one score, the lower line is cheaper. \
            Accounts of different boundaries have a panel each and are not to be compared with one another; the energies are linear \
            models of counted work, not measurements of a device. Noise is not charged; what a readout costs stands apart in the table."
            .into(),
        panels,
    }
}

/// A line for homogeneous networks and one for the reference, a point for each size.
fn arms(shown: &Shown, setting: Setting, of: impl Fn(&[&Network], Estimate, f64) -> Option<Point>) -> Vec<Series> {
    let networks: Vec<&Network> = setting.networks(shown.study, SIZE).collect();
    let arm = |profile: &Profile| {
        let mine: Vec<&Network> = networks.iter().copied().filter(|network| network.profile == *profile).collect();
        let sizes = arm::levels(mine.iter().copied(), |network| network.at("n"));
        let points = sizes.into_iter().filter_map(|n| {
            let rung: Vec<&Network> = mine.iter().copied().filter(|network| network.at("n") == n).collect();
            let scores = arm::own_best(rung.iter().copied(), |network| network.score);
            of(&rung, Estimate::of_mean(&scores.into_values().collect::<Vec<_>>())?, n)
        });
        of_profile(shown.study, profile, Style::Line, points.collect())
    };
    let both = [Some(Profile::homogeneous()), shown.study.reference.clone()];
    both.iter().flatten().map(arm).filter(|series| series.points.len() > 1).collect()
}
