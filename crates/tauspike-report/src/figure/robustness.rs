//! Does the score last when something else is changed?

use super::{SCORE, Shown, curve, of_profile, shared};
use crate::arm::{self, BIAS, MEAN, Profile, RATE, RECURRENCE, Setting};
use crate::picture::{Axis, Figure, Forest, Lines, Panel, Row, Series, Style};
use crate::statistics::{Estimate, differences};
use crate::study::Network;

/// Words for keys of study files that are axes.
fn words(key: &str) -> &str {
    match key {
        "noise" => "noise (standard deviation / that of the input)",
        "lost_neurons" => "share of neurons lost before the test",
        "lost_synapses" => "share of synapses lost before the test",
        "drift" => "spread of the gains before the test",
        "train_samples" => "samples that are fitted",
        "spectral_radius" => "spectral radius",
        "weight_mv" => "recurrent weights (mV)",
        "delay_ms" => "synaptic delay (ms)",
        key => key,
    }
}

pub(super) fn factors(shown: &Shown) -> Figure {
    let Some(reference) = &shown.study.reference else { return figure(Vec::new()) };
    let arms = [Profile::homogeneous(), reference.clone()];
    let mut panels = Vec::new();
    for setting in Setting::all().filter(|setting| setting.readout != "membrane") {
        let mut drawn: Vec<(String, Axis, Vec<Series>)> = Vec::new();
        for (experiment, axis) in arm::robustness(shown.study) {
            let series: Vec<Series> = arms
                .iter()
                .map(|profile| {
                    let cells = shown.cells(&experiment, setting).filter(|cell| cell.profile() == profile);
                    of_profile(shown.study, profile, Style::Line, curve(cells, |cell| cell.first.at(&axis)))
                })
                .filter(|series| series.points.len() > 1)
                .collect();
            if series.len() == 2 {
                let log = &*axis == "train_samples";
                let label = words(&axis);
                drawn.push((setting.label(), if log { Axis::log(label) } else { Axis::new(label) }, series));
            }
        }
        let range = shared(drawn.iter().flat_map(|(.., series)| series));
        panels.extend(
            drawn
                .into_iter()
                .map(|(title, x, series)| Panel::Lines(Lines { title, x, y: Axis::new(SCORE).with(range), series })),
        );
    }
    figure(panels)
}

fn figure(panels: Vec<Panel>) -> Figure {
    Figure {
        name: "robustness",
        title: "Score when something else is changed".into(),
        caption: "One factor at a time, each arm at the mean that suits it; all panels of a setting have one axis of scores. Losses and \
            drift come after the readout was fitted. A flat line is robust; a line that is higher everywhere need not be. A mis-set mean \
            is in figure 1."
            .into(),
        panels,
    }
}

pub(super) fn gains(shown: &Shown) -> Figure {
    let panel = |setting: Setting| {
        let rows = rows(shown, setting);
        (rows.len() > 1).then(|| {
            let x_label = "score - homogeneous, own best".into();
            Panel::Forest(Forest { title: setting.label(), x_label, rows })
        })
    };
    Figure {
        name: "gains",
        title: "The gain of the reference under other conditions".into(),
        caption: "Each row is the paired difference of the reference and homogeneous networks within one experiment, both at the point \
            that is best for them, chosen for each seed on all other seeds; rows may differ in the grids of means."
            .into(),
        panels: Setting::all().filter_map(panel).collect(),
    }
}

fn rows(shown: &Shown, setting: Setting) -> Vec<Row> {
    let Some(reference) = &shown.study.reference else { return Vec::new() };
    let row = |label: &str, experiment: &str, of: &dyn Fn(&Network) -> bool| {
        let networks: Vec<&Network> = setting.networks(shown.study, experiment).filter(|network| of(network)).collect();
        let best = |profile: &Profile| {
            arm::own_best(networks.iter().copied().filter(|n| n.profile == *profile), |network| network.score)
        };
        let gain = Estimate::of_mean(&differences(&best(reference), &best(&Profile::homogeneous())))?;
        let fewer = gain.seeds < shown.study.seeds().len();
        let label = if fewer { format!("{label} ({} seeds)", gain.seeds) } else { label.into() };
        Some(Row { label, value: gain.value, low: gain.low, high: gain.high })
    };
    let recurrent = |network: &Network| network.at("in_degree") > 0.0;
    let rows = [
        row("all means", MEAN, &|_| true),
        row("with recurrence", RECURRENCE, &recurrent),
        row("without recurrence", RECURRENCE, &|network| !recurrent(network)),
        row("bias tuned, too", BIAS, &|_| true),
        row("at equal rates", RATE, &|_| true),
    ];
    rows.into_iter().flatten().collect()
}
