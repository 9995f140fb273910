//! Which networks are compared with which?
//!
//! An arm is a profile at a CV; [`by_seed`] makes one value per seed of its networks. What an experiment is swept over besides the
//! axis under question is *tuned*: [`own_best`] takes for each seed the point that is best on all other seeds.

pub use crate::profile::{HOMOGENEOUS, Profile, spoken};
use crate::statistics::{Scores, best};
use crate::study::{Network, Study};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Every profile at every CV, over the mean time constant.
pub const MEAN: &str = "mean";
/// Several sizes, over the mean time constant.
pub const SIZE: &str = "size";
/// With and without recurrent synapses, over the mean time constant.
pub const RECURRENCE: &str = "recurrence";
/// Several biases of spiking networks, over the mean time constant.
pub const BIAS: &str = "bias";
/// Spiking networks whose bias is moved to a rate, over the mean time constant.
pub const RATE: &str = "rate";
/// What the experiments above are about; every other one with a single axis is one of robustness.
pub const NAMED: [&str; 5] = [MEAN, SIZE, RECURRENCE, BIAS, RATE];

/// The settings that statements are about: what is read from which model. Of spiking networks filtered spikes come first.
pub const SETTINGS: [(&str, &str); 3] = [("LI", "state"), ("LIF", "filtered"), ("LIF", "membrane")];

/// A profile with more mean skewness of its time constants than this counts as skewed.
pub const SKEWED: f64 = 0.3;

/// One model with one readout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// LI or LIF.
    pub model: &'static str,
    /// What is read out.
    pub readout: &'static str,
}

impl Setting {
    /// All of [`SETTINGS`].
    pub fn all() -> impl Iterator<Item = Self> {
        SETTINGS.into_iter().map(|(model, readout)| Self { model, readout })
    }

    /// The networks of an experiment in this setting.
    pub fn networks<'a>(self, study: &'a Study, experiment: &'a str) -> impl Iterator<Item = &'a Network> + Clone {
        let mine = move |network: &&Network| &*network.model == self.model && &*network.readout == self.readout;
        study.networks.iter().filter(mine).filter(move |network| &*network.experiment == experiment)
    }

    /// As it is named in text.
    pub fn label(self) -> String {
        let read = match self.readout {
            "state" => "states",
            "filtered" => "filtered spikes",
            _ => "membranes",
        };
        format!("{}, {read}", self.model)
    }
}

impl Profile {
    /// Those of it among networks.
    pub fn of<'a>(
        &self,
        networks: impl Iterator<Item = &'a Network> + Clone,
    ) -> impl Iterator<Item = &'a Network> + Clone {
        networks.filter(move |network| network.profile == *self)
    }
}

/// Profiles among networks, each once, by CV and name: the homogeneous one first.
pub fn profiles<'a>(networks: impl Iterator<Item = &'a Network>) -> Vec<Profile> {
    let mut found: Vec<Profile> = Vec::new();
    for network in networks {
        if !found.contains(&network.profile) {
            found.push(network.profile.clone());
        }
    }
    found.sort_by(|a, b| a.cv.total_cmp(&b.cv).then(a.name.cmp(&b.name)));
    found
}

/// Whether the time constants of a profile, over all its networks, are skewed to the right by more than [`SKEWED`].
pub fn is_skewed<'a>(networks: impl Iterator<Item = &'a Network>, name: &str) -> bool {
    let known = networks.filter(|network| &*network.profile.name == name && network.skewness.is_finite());
    let (sum, count) = known.fold((0.0, 0), |(sum, count), network| (sum + network.skewness, count + 1));
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

/// For each seed, what `value` is of the network at the point of the sweep that has the best score on all other seeds. A point is one
/// combination of profile, CV and the values at the axes.
pub fn own_best<'a>(networks: impl Iterator<Item = &'a Network>, value: impl Fn(&Network) -> f64) -> Scores {
    let points = points(networks);
    let scored: Vec<Scores> = points.iter().map(|point| scores(point.iter().copied())).collect();
    let valued: Vec<Scores> = points.iter().map(|point| by_seed(point.iter().copied(), &value)).collect();
    let chosen = best::chosen(&scored);
    chosen.into_iter().filter_map(|(seed, at)| Some((seed, *valued[at].get(&seed)?))).collect()
}

/// Networks that differ in nothing but their seed, each list a point of a sweep.
pub fn points<'a>(networks: impl Iterator<Item = &'a Network>) -> Vec<Vec<&'a Network>> {
    let mut points: Vec<(Vec<f64>, Vec<&Network>)> = Vec::new();
    for network in networks {
        let place: Vec<f64> =
            network.axes.split(',').filter(|key| !key.is_empty()).map(|key| network.at(key)).collect();
        let same = |(other, of): &&mut (Vec<f64>, Vec<&Network>)| {
            of[0].profile == network.profile && other.iter().map(|x| x.to_bits()).eq(place.iter().map(|x| x.to_bits()))
        };
        match points.iter_mut().find(same) {
            Some((_, point)) => point.push(network),
            None => points.push((place, vec![network])),
        }
    }
    points.into_iter().map(|(_, point)| point).collect()
}

/// The experiments of a study with one axis that is not of [`NAMED`], each with its axis, in the order of the file.
pub fn robustness(study: &Study) -> Vec<(Arc<str>, Arc<str>)> {
    let mut found: Vec<(Arc<str>, Arc<str>)> = Vec::new();
    for network in &study.networks {
        let single = !network.axes.is_empty() && !network.axes.contains(',');
        if single
            && !NAMED.contains(&&*network.experiment)
            && !found.iter().any(|(name, _)| *name == network.experiment)
        {
            found.push((network.experiment.clone(), network.axes.clone()));
        }
    }
    found
}
