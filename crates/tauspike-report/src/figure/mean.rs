//! Over the mean time constant.

use super::{MEAN_TAU, SCORE, Shown, curve, followed, of_profile, point};
use crate::arm::{self, MEAN, Setting, spoken};
use crate::cell::Cell;
use crate::picture::{Axis, Figure, Lines, Map, Panel, Series, Style, map};
use crate::study::Network;
use crate::verdict;
use std::collections::BTreeSet;
use tauspike_results::columns;

pub(super) fn score_over_mean(shown: &Shown) -> Figure {
    let panel = |setting: Setting| {
        let mut series: Vec<Series> = followed(shown.study)
            .iter()
            .map(|profile| {
                let cells = shown.cells(MEAN, setting).filter(|cell| cell.profile() == profile);
                of_profile(shown.study, profile, Style::Line, curve(cells, |cell| cell.first.tau_ms()))
            })
            .filter(|series| !series.points.is_empty())
            .collect();
        let per_task: Vec<f64> = verdict::per_task(shown.study, setting).into_values().collect();
        if let Some(level) = crate::statistics::Estimate::of_mean(&per_task) {
            series.push(Series {
                label: "homogeneous, tuned to every task".into(),
                colour: "--cold3".into(),
                style: Style::Level,
                points: vec![point(0.0, level, String::new())],
            });
        }
        (!series.is_empty() && series[0].points.len() > 1).then(|| {
            Panel::Lines(Lines { title: setting.label(), x: Axis::log(MEAN_TAU), y: Axis::new(SCORE), series })
        })
    };
    Figure {
        name: "score_over_mean",
        title: "Score over the mean time constant".into(),
        caption: "Each profile at every mean of the study: its own best is the top of its line, a mis-set mean its flanks. The same mean \
            compares points above one another. Dashed: homogeneous networks whose time constant is tuned to each task apart, chosen for \
            each seed on all other seeds."
            .into(),
        panels: Setting::all().filter_map(panel).collect(),
    }
}

/// The family of the reference profile, from homogeneous to its largest CV.
pub(super) fn score_over_mean_and_cv(shown: &Shown) -> Figure {
    let Some(reference) = &shown.study.reference else { return nothing() };
    let family = |cell: &&Cell| cell.profile().name == reference.name || cell.first.is_homogeneous();
    let maps: Vec<Map> = Setting::all()
        .filter_map(|setting| {
            let cells: Vec<&Cell> = shown.cells(MEAN, setting).filter(family).collect();
            let taus = arm::levels(cells.iter().map(|cell| cell.first), Network::tau_ms);
            let cvs = arm::levels(cells.iter().map(|cell| cell.first), |network| network.profile.cv);
            let at = |cv: f64, tau: f64| {
                let found = cells.iter().find(|cell| cell.profile().cv == cv && cell.first.tau_ms() == tau);
                found.map_or(f64::NAN, |cell| cell.score.value)
            };
            let values: Vec<Vec<f64>> = cvs.iter().map(|cv| taus.iter().map(|tau| at(*cv, *tau)).collect()).collect();
            (taus.len() > 1 && cvs.len() > 1).then(|| Map {
                title: setting.label(),
                x_label: MEAN_TAU.into(),
                y_label: format!("CV of {}; 0 is homogeneous", spoken(&reference.name)),
                value_label: "score".into(),
                // Three decimals at most: more than that does not fit beneath a cell.
                columns: taus.iter().map(|tau| ((tau * 1e3).round() / 1e3).to_string()).collect(),
                rows: cvs.iter().map(f64::to_string).collect(),
                range: map::range(values.iter().flatten()),
                values,
            })
        })
        .collect();
    Figure {
        name: "score_over_mean_and_cv",
        title: "Score over mean and CV".into(),
        caption: "The fuller the colour, the better; each setting has its own scale. A row that is full over many columns does not need its mean tuned.".into(),
        panels: maps.into_iter().map(Panel::Map).collect(),
    }
}

fn nothing() -> Figure {
    Figure { name: "score_over_mean_and_cv", title: String::new(), caption: String::new(), panels: Vec::new() }
}

/// Firing regimes.
pub(super) fn rate_over_mean(shown: &Shown) -> Figure {
    let setting = Setting { model: "LIF", readout: "filtered" };
    let profiles = followed(shown.study);
    let line = |x: &dyn Fn(&Cell) -> f64, rate: bool| -> Vec<Series> {
        let series = profiles.iter().map(|profile| {
            let cells = shown.cells(MEAN, setting).filter(|cell| cell.profile() == profile);
            let mut points = curve(cells.clone(), x);
            if rate {
                let rates = cells.filter_map(|cell| {
                    let at = crate::cell::MEANS.iter().position(|(mean, _)| *mean == columns::RATE)?;
                    Some(point(x(cell), cell.means[at]?, String::new()))
                });
                points = rates.collect();
                points.sort_by(|a, b| a.x.total_cmp(&b.x));
            }
            of_profile(shown.study, profile, if rate { Style::Line } else { Style::Dots }, points)
        });
        series.filter(|series| !series.points.is_empty()).collect()
    };
    let tau = |cell: &Cell| cell.first.tau_ms();
    let rate = |cell: &Cell| cell.mean(columns::RATE);
    let (rates, scores) = (line(&tau, true), line(&rate, false));
    let mut panels = Vec::new();
    let known: BTreeSet<u64> = rates.iter().flat_map(|series| &series.points).map(|point| point.x.to_bits()).collect();
    if known.len() > 1 {
        let title = "LIF: firing rate".to_owned();
        panels.push(Panel::Lines(Lines {
            title,
            x: Axis::log(MEAN_TAU),
            y: Axis::new("mean rate (Hz)"),
            series: rates,
        }));
        let title = setting.label();
        panels.push(Panel::Lines(Lines { title, x: Axis::new("mean rate (Hz)"), y: Axis::new(SCORE), series: scores }));
    }
    Figure {
        name: "rates",
        title: "Firing regimes".into(),
        caption: "Left: mean rate over the mean time constant, at the bias of the study. Right: the same networks, score over rate; each \
            mark is a mean time constant."
            .into(),
        panels,
    }
}
