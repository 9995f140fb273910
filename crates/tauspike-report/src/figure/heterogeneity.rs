//! What spread brings, and in which tasks.

use super::{Shown, best_point, point};
use crate::arm::{self, MEAN, Profile, Setting, spoken};
use crate::cell::by_task;
use crate::picture::{Axis, Figure, Lines, Map, Panel, Series, Style, map, palette};
use crate::statistics::{Estimate, Scores, differences, mean};
use crate::study::{Network, Study};
use std::collections::BTreeMap;

/// How far apart two profiles of equal CV are drawn.
const BESIDE: f64 = 0.015;

pub(super) fn gain_over_cv(shown: &Shown) -> Figure {
    let base = crate::verdict::base_mean(shown.study);
    let mut panels = Vec::new();
    for setting in Setting::all() {
        for (title, own) in [("own best mean", true), ("same mean", false)] {
            let score = |networks: &[&Network]| -> Scores {
                let networks = networks.iter().copied();
                match own {
                    true => arm::own_best(networks, |network| network.score),
                    false => arm::scores(networks.filter(|network| Some(network.tau_ms()) == base)),
                }
            };
            let series = gains(shown.study, setting, &score);
            let title = match base {
                Some(base) if !own => format!("{}: {title}, {base} ms", setting.label()),
                _ => format!("{}: {title}", setting.label()),
            };
            if !series.is_empty() {
                let y = Axis::new("score - homogeneous");
                panels.push(Panel::Lines(Lines { title, x: Axis::new("CV of the time constants drawn"), y, series }));
            }
        }
    }
    Figure {
        name: "gain_over_cv",
        title: "Gain over the realised spread".into(),
        caption: "Paired differences to the homogeneous networks of the same seeds, at the CV that the networks came out with (profiles of \
                  equal CV are drawn side by side). Left: both at the mean that is best for them, chosen for each seed on all other seeds. \
                  Right: both at one mean. Skewed profiles are warm, others cold."
            .into(),
        panels,
    }
}

fn gains(study: &Study, setting: Setting, score: &dyn Fn(&[&Network]) -> Scores) -> Vec<Series> {
    let networks: Vec<&Network> = setting.networks(study, MEAN).collect();
    let of =
        |profile: &Profile| -> Vec<&Network> { networks.iter().copied().filter(|n| n.profile == *profile).collect() };
    let homogeneous = score(&of(&Profile::homogeneous()));
    let mut series: BTreeMap<String, Series> = BTreeMap::new();
    for profile in arm::profiles(networks.iter().copied()).iter().filter(|profile| profile.cv > 0.0) {
        let mine = of(profile);
        let Some(gain) = Estimate::of_mean(&differences(&score(&mine), &homogeneous)) else { continue };
        let cv = mean(&mine.iter().map(|network| network.realised_cv).collect::<Vec<_>>());
        let line = series.entry(profile.name.to_string()).or_insert_with(|| Series {
            label: spoken(&profile.name),
            colour: palette::of_profile(&profile.name).into(),
            style: Style::Line,
            points: Vec::new(),
        });
        line.points.push(point(cv, gain, format!("; asked for {}", profile.cv)));
    }
    let beside = |(at, mut series): (usize, Series)| {
        series.points.iter_mut().for_each(|point| point.x += BESIDE * at as f64);
        series
    };
    series.into_values().enumerate().map(beside).collect()
}

pub(super) fn task_maps(shown: &Shown) -> Figure {
    let Some(reference) = &shown.study.reference else { return figure(String::new(), Vec::new()) };
    let mut maps = Vec::new();
    for setting in Setting::all().filter(|setting| setting.readout != "membrane") {
        let gains = gain_by_task(shown.study, setting, reference);
        let mut times: Vec<f64> = gains.keys().map(|task| shown.study.tasks[*task].correlation_time_ms).collect();
        times.sort_unstable_by(f64::total_cmp);
        times.dedup();
        maps.extend(times.into_iter().filter_map(|time| task_map(shown.study, setting, &gains, time)));
    }
    let range = map::range(maps.iter().flat_map(|map| map.values.iter().flatten()));
    let panels = maps.into_iter().map(|map| Panel::Map(Map { range, ..map })).collect();
    figure(reference.label(), panels)
}

fn figure(reference: String, panels: Vec<Panel>) -> Figure {
    Figure {
        name: "task_map",
        title: "In which tasks is the gain?".into(),
        caption: format!(
            "Score of the reference ({reference}) minus homogeneous, each at the mean that is best for the whole suite, by degree d and \
             shift D of the task and correlation time of the stimulus; one scale for all. Warm is a gain, cold a loss, an empty field \
             has no task. A single field rests on few tasks and is less sure than the suite."
        ),
        panels,
    }
}

fn task_map(study: &Study, setting: Setting, gains: &BTreeMap<usize, f64>, time: f64) -> Option<Map> {
    let tasks: Vec<(u64, f64, f64)> = gains
        .iter()
        .map(|(task, gain)| (&study.tasks[*task], *gain))
        .filter(|(task, _)| task.correlation_time_ms == time)
        .map(|(task, gain)| (task.degree, task.shift_ms, gain))
        .collect();
    let mut degrees: Vec<u64> = tasks.iter().map(|task| task.0).collect();
    degrees.sort_unstable();
    degrees.dedup();
    let mut shifts: Vec<f64> = tasks.iter().map(|task| task.1).collect();
    shifts.sort_unstable_by(f64::total_cmp);
    shifts.dedup();
    let value = |degree: u64, shift: f64| {
        let here: Vec<f64> =
            tasks.iter().filter(|task| task.0 == degree && task.1 == shift).map(|task| task.2).collect();
        mean(&here)
    };
    (!tasks.is_empty()).then(|| Map {
        title: format!("{}, correlation time {time} ms", setting.label()),
        x_label: "shift D (ms); below 0 recalls, above 0 predicts".into(),
        y_label: "degree d".into(),
        value_label: "gain".into(),
        columns: shifts.iter().map(f64::to_string).collect(),
        rows: degrees.iter().map(u64::to_string).collect(),
        values: degrees.iter().map(|&degree| shifts.iter().map(|&shift| value(degree, shift)).collect()).collect(),
        range: [0.0, 1.0],
    })
}

/// Mean over seeds of the difference in score, by task, at the mean time constants that are best for the suite.
fn gain_by_task(study: &Study, setting: Setting, reference: &Profile) -> BTreeMap<usize, f64> {
    let best = |profile: &Profile| by_task(best_point(study, setting, profile).into_iter());
    let base = best(&Profile::homogeneous());
    best(reference).into_iter().filter_map(|(task, score)| Some((task, score - base.get(&task)?))).collect()
}
