//! Does the gain last when something else is changed?

use super::{SCORE, Shown, axis, two_lines};
use crate::arm::{self, CODING, FACTORS, NO_RECURRENCE, PROFILES, RATE_MATCHED, Setting};
use crate::picture::{Figure, Forest, Lines, Panel, Row};
use crate::statistics::{Estimate, differences};
use crate::study::Network;

pub(super) fn factors(shown: &Shown) -> Figure {
    let mut panels = Vec::new();
    for setting in &shown.settings {
        for (factor, label) in FACTORS {
            let Some(skewed) = arm::reference(shown.study, setting) else { continue };
            let series = two_lines(shown, factor, setting, &skewed, |cell| cell.factor);
            if series.len() == 2 {
                let title = format!("{}: {}", setting.model, arm::spoken(factor));
                panels.push(Panel::Lines(Lines { title, x: axis(label), y: axis(SCORE), series }));
            }
        }
    }
    Figure {
        name: "robustness",
        title: "Score over recurrent hyperparameters and noise".into(),
        caption: "One factor at a time, the others as in the study's settings. A flat line is robust; a line that is higher everywhere \
            need not be. The axes of the panels differ."
            .into(),
        panels,
    }
}

pub(super) fn gains(shown: &Shown) -> Figure {
    let panel = |setting: &Setting| {
        let mut rows = Vec::new();
        let main = [
            (PROFILES, "with recurrence"),
            (NO_RECURRENCE, "without recurrence"),
            (RATE_MATCHED, "at equal firing rate"),
        ];
        for (experiment, label) in main {
            let skewed = match experiment {
                RATE_MATCHED => arm::with_skewed(shown.study, setting, RATE_MATCHED).collect(),
                _ => reference_of(shown, setting, experiment),
            };
            rows.extend(row(label.into(), &skewed, setting, shown, experiment));
        }
        let mut others: Vec<Setting> = shown
            .study
            .networks
            .iter()
            .filter(|network| &*network.experiment == CODING && network.model == setting.model)
            .map(Setting::of)
            .collect();
        others.sort_unstable();
        others.dedup();
        let reference = arm::reference(shown.study, setting);
        for other in &others {
            let of_reference = |network: &&Network| Some(arm::Profile::of(network)) == reference;
            let skewed = other.networks(shown.study, CODING).filter(of_reference).collect::<Vec<_>>();
            let label = arm::spoken(&format!("{}, {}", other.coding, other.readout));
            rows.extend(row(label, &skewed, other, shown, CODING));
        }
        (rows.len() > 1).then(|| {
            let x_label = "gain in mean score (skewed - homog.)".into();
            Panel::Forest(Forest { title: setting.model.to_string(), x_label, rows })
        })
    };
    Figure {
        name: "gains",
        title: "The gain without recurrence, at equal firing rate, and with other inputs and readouts".into(),
        caption: "Each row is the paired difference of skewed and homogeneous networks within one experiment; rows may differ in size and \
            number of seeds, so compare them with that in mind."
            .into(),
        panels: shown.settings.iter().filter_map(panel).collect(),
    }
}

fn reference_of<'a>(shown: &'a Shown, setting: &'a Setting, experiment: &'a str) -> Vec<&'a Network> {
    let reference = arm::reference(shown.study, setting);
    setting.networks(shown.study, experiment).filter(|network| Some(arm::Profile::of(network)) == reference).collect()
}

fn row(label: String, skewed: &[&Network], setting: &Setting, shown: &Shown, experiment: &str) -> Option<Row> {
    let base = arm::scores(setting.networks(shown.study, experiment).filter(|network| network.is_homogeneous()));
    let gain = Estimate::of_differences(&differences(&arm::scores(skewed.iter().copied()), &base))?;
    Some(Row { label, value: gain.value, low: gain.low, high: gain.high })
}
