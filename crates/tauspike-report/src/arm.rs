//! Which networks are compared with which?
//!
//! An arm is a set of networks; [`by_seed`] makes one value per seed of it. Within a model only one coding and readout is
//! compared, the *setting*, so that no difference is one of input or readout.

use crate::statistics::Scores;
use crate::study::{Network, Study};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The experiment with every profile at every CV.
pub const PROFILES: &str = "profiles";
/// Networks of several sizes.
pub const SIZE: &str = "size";
/// Homogeneous networks of several time constants.
pub const TUNED_TAU: &str = "tuned_tau";
/// Homogeneous networks that fire as often as the skewed ones.
pub const RATE_MATCHED: &str = "rate_matched";
/// Networks without recurrent synapses.
pub const NO_RECURRENCE: &str = "no_recurrence";
/// Several codings and readouts.
pub const CODING: &str = "coding";
/// What is varied in statement 5, and its axis label.
pub const FACTORS: [(&str, &str); 6] = [
    ("spectral_radius", "spectral radius"),
    ("weight_scale", "recurrent weights (times the base value)"),
    ("sparsity", "recurrent synapses per neuron"),
    ("delay", "synaptic delay (ms)"),
    ("noise", "noise (standard deviation / that of the input)"),
    ("input_weight", "input weight (times the base value)"),
];

/// A profile with more mean skewness of its time constants than this counts as skewed.
pub const SKEWED: f64 = 0.3;

/// One model with one coding and readout.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Setting {
    /// LI or LIF.
    pub model: Arc<str>,
    /// How the stimulus comes in.
    pub coding: Arc<str>,
    /// What is read out.
    pub readout: Arc<str>,
}

impl Setting {
    /// Of a network.
    pub fn of(network: &Network) -> Self {
        Self { model: network.model.clone(), coding: network.coding.clone(), readout: network.readout.clone() }
    }

    /// The setting in which most networks of `model` are, in the experiment `profiles` if it has any.
    pub fn main(study: &Study, model: &str) -> Option<Self> {
        let of_model = || study.networks.iter().filter(|network| &*network.model == model);
        let most = |networks: &mut dyn Iterator<Item = &Network>| {
            let mut counts: BTreeMap<Setting, usize> = BTreeMap::new();
            networks.for_each(|network| *counts.entry(Self::of(network)).or_default() += 1);
            counts.into_iter().max_by_key(|(_, count)| *count).map(|(setting, _)| setting)
        };
        most(&mut of_model().filter(|network| &*network.experiment == PROFILES)).or_else(|| most(&mut of_model()))
    }

    /// The networks of an experiment in this setting.
    pub fn networks<'a>(&'a self, study: &'a Study, experiment: &'a str) -> impl Iterator<Item = &'a Network> + Clone {
        study.networks.iter().filter(move |network| &*network.experiment == experiment && Self::of(network) == *self)
    }
}

/// A profile at a CV.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its name.
    pub name: Arc<str>,
    /// Coefficient of variation.
    pub cv: f64,
}

impl Profile {
    /// Of a network.
    pub fn of(network: &Network) -> Self {
        Self { name: network.profile.clone(), cv: network.cv }
    }

    /// As it is named in text.
    pub fn label(&self) -> String {
        format!("{} (CV {})", spoken(&self.name), self.cv)
    }
}

/// A name of a table, as it is written in text.
pub fn spoken(name: &str) -> String {
    name.replace('_', " ")
}

/// Profiles other than homogeneous among networks, each once, by name and CV.
pub fn profiles<'a>(networks: impl Iterator<Item = &'a Network>) -> Vec<Profile> {
    let mut found: Vec<Profile> = Vec::new();
    for network in networks.filter(|network| !network.is_homogeneous()) {
        let profile = Profile::of(network);
        if !found.contains(&profile) {
            found.push(profile);
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name).then(a.cv.total_cmp(&b.cv)));
    found
}

/// The skewed profile that the study follows through its experiments: the one in most of them; of several, the one with the
/// highest mean score (on the same seeds, so that comparisons with it are then somewhat optimistic).
pub fn reference(study: &Study, setting: &Setting) -> Option<Profile> {
    let mine: Vec<&Network> = study.networks.iter().filter(|network| Setting::of(network) == *setting).collect();
    let rank = |profile: &Profile| {
        let of: Vec<&&Network> = mine.iter().filter(|network| Profile::of(network) == *profile).collect();
        let mut experiments: Vec<&str> = of.iter().map(|network| &*network.experiment).collect();
        experiments.sort_unstable();
        experiments.dedup();
        (experiments.len(), of.iter().map(|network| network.score).sum::<f64>() / of.len() as f64)
    };
    let skewed = profiles(mine.iter().copied()).into_iter().filter(|profile| is_skewed(&mine, &profile.name));
    let ranked = skewed.map(|profile| (rank(&profile), profile));
    ranked.max_by(|((a, x), _), ((b, y), _)| a.cmp(b).then(x.total_cmp(y))).map(|(_, profile)| profile)
}

/// Whether the time constants of a profile, over all its CVs, are skewed to the right by more than [`SKEWED`].
pub fn is_skewed(networks: &[&Network], name: &str) -> bool {
    let known = networks.iter().filter(|network| &*network.profile == name && network.tau_skewness.is_finite());
    let (sum, count) = known.fold((0.0, 0), |(sum, count), network| (sum + network.tau_skewness, count + 1));
    sum / f64::from(count) > SKEWED
}

/// One value per seed: the mean over the seed's networks. A network without the value does not count.
pub fn by_seed<'a>(networks: impl Iterator<Item = &'a Network>, value: impl Fn(&Network) -> f64) -> Scores {
    let mut sums: BTreeMap<u64, (f64, f64)> = BTreeMap::new();
    for network in networks {
        let value = value(network);
        if value.is_finite() {
            let (sum, count) = sums.entry(network.seed).or_default();
            *sum += value;
            *count += 1.0;
        }
    }
    sums.into_iter().map(|(seed, (sum, count))| (seed, sum / count)).collect()
}

/// The scores of networks by seed.
pub fn scores<'a>(networks: impl Iterator<Item = &'a Network>) -> Scores {
    by_seed(networks, |network| network.score)
}

/// Values that networks have, each once, ascending.
pub fn levels<'a>(networks: impl Iterator<Item = &'a Network>, value: impl Fn(&Network) -> f64) -> Vec<f64> {
    let mut levels: Vec<f64> = networks.map(value).filter(|value| value.is_finite()).collect();
    levels.sort_unstable_by(f64::total_cmp);
    levels.dedup();
    levels
}

/// The networks of the reference profile in an experiment; if it has none, those of `profiles` that have the same size as its
/// homogeneous ones.
pub fn with_skewed<'a>(
    study: &'a Study,
    setting: &'a Setting,
    experiment: &'a str,
) -> impl Iterator<Item = &'a Network> {
    let reference = reference(study, setting);
    let is_reference = move |network: &&Network| Some(Profile::of(network)) == reference;
    let own: Vec<&Network> = setting.networks(study, experiment).filter(&is_reference).collect();
    let sizes: Vec<u64> = setting.networks(study, experiment).map(|network| network.n).collect();
    let of_size = |network: &&Network| sizes.contains(&network.n);
    let others = setting.networks(study, PROFILES).filter(is_reference).filter(of_size);
    if own.is_empty() { others.collect::<Vec<_>>() } else { own }.into_iter()
}
