//! One scenario: a TOML file, changed by `--set`, checked as a whole.
//!
//! What the file names (synapse lists, tables) can be large. It is read once, by [`load`], and handed to the first network that is
//! built; a second network reads it anew, because it is not held between.

use crate::draft::Draft;
use crate::error::ScenarioError;
use crate::places::Places;
use crate::population::Declared;
use crate::record::{self, Record};
use crate::section::{Range, Section};
use crate::tree::{self, Table};
use crate::{files, locate, memory, overrides};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tauspike_engine::LATEST;
use tauspike_engine::exchange::Rank;
use tauspike_network::{BuildOptions, Cut, Network, NetworkBuilder, NetworkError, Prediction, SharedSynapses};

type Result<T> = std::result::Result<T, ScenarioError>;

/// A scenario that has been checked.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// As messages call it.
    file: String,
    path: PathBuf,
    tree: Table,
    text: String,
    head: Head,
    division: Division,
    /// Where its network has its synapses from, if others have them too.
    synapses: Option<Arc<SharedSynapses>>,
    /// What [`load`] has read, until a network is made of it. Clones share it.
    read: Arc<Mutex<Option<Described>>>,
}

/// Among how many processes the network is divided, and how many of them share the memory of this machine.
#[derive(Clone, Copy, Debug)]
struct Division {
    ranks: usize,
    here: usize,
}

/// The keys at the top of the file.
#[derive(Clone, Debug)]
struct Head {
    name: String,
    description: String,
    seed: u64,
    duration: f64,
    warmup: f64,
}

/// What the file describes.
#[derive(Debug)]
pub(crate) struct Described {
    pub builder: NetworkBuilder,
    pub record: Record,
    pub populations: Vec<Declared>,
    /// Their names.
    pub projections: Vec<String>,
}

/// Reads `path`, a file or a folder with a `scenario.toml`, applies `overrides` (`key=value`), and checks everything.
///
/// # Errors
/// The first thing that is wrong with the file, an override, or a file it names; or if the network would not fit into memory.
pub fn load(path: &Path, overrides: &[String]) -> Result<Scenario> {
    let path: PathBuf = if path.is_dir() { path.join("scenario.toml") } else { path.to_owned() };
    let text = std::fs::read_to_string(&path).map_err(ScenarioError::io(&path, "be read"))?;
    from_text(&text, &path, overrides)
}

/// As [`load`], for one of `ranks` processes that share the network, `here` of them on this machine: it is their part that has to fit into
/// its memory.
///
/// # Errors
/// As [`load`].
pub fn load_shared(path: &Path, overrides: &[String], ranks: usize, here: usize) -> Result<Scenario> {
    let path: PathBuf = if path.is_dir() { path.join("scenario.toml") } else { path.to_owned() };
    let text = std::fs::read_to_string(&path).map_err(ScenarioError::io(&path, "be read"))?;
    read(&text, &path, overrides, Division { ranks, here })
}

/// As [`load`], from a text; file names in it are relative to the folder of `path`, which errors show.
pub fn from_text(text: &str, path: &Path, overrides: &[String]) -> Result<Scenario> {
    read(text, path, overrides, Division { ranks: 1, here: 1 })
}

fn read(text: &str, path: &Path, overrides: &[String], division: Division) -> Result<Scenario> {
    let file = path.display().to_string();
    let tree = tree_of(text, &file, overrides)?;
    let text = if overrides.is_empty() { text.to_owned() } else { tree::to_toml(&tree) };
    let whole = Section::of_file(path, &file, &tree);
    let head = Head::read(&whole)?;
    files::check(&whole)?;
    let scenario =
        Scenario { file, path: path.to_owned(), tree, text, head, division, synapses: None, read: Arc::default() };
    scenario.keep(scenario.read_anew()?);
    Ok(scenario)
}

/// The tree of a TOML text, changed by `overrides`; `file` is how messages call it.
///
/// # Errors
/// If the text is not TOML, or an override leads nowhere.
pub fn tree_of(text: &str, file: &str, overrides: &[String]) -> Result<Table> {
    let mut tree = tree::parse(text).map_err(|wrong| ScenarioError::malformed(file, wrong))?;
    overrides.iter().try_for_each(|set| overrides::apply(&mut tree, set, file))?;
    Ok(tree)
}

impl Scenario {
    /// The file, as messages call it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The files that it names.
    pub(crate) fn data_files(&self) -> Vec<PathBuf> {
        files::data_files(&Section::of_file(&self.path, &self.file, &self.tree))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.head.name
    }

    /// What it is about; may be empty.
    pub fn description(&self) -> &str {
        &self.head.description
    }

    /// Seed of all random draws.
    pub fn seed(&self) -> u64 {
        self.head.seed
    }

    /// Model time to run, ms.
    pub fn duration(&self) -> f64 {
        self.head.duration
    }

    /// Model time that rates and CV leave out, ms. May exceed the duration; then there are none.
    pub fn warmup(&self) -> f64 {
        self.head.warmup
    }

    /// The TOML that is run: that of the file, or if something was set, the same with those values and without comments.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same, whose network shares its synapses with others that are built with `synapses`, as far as they are the same. No spike
    /// depends on it.
    pub fn sharing(self, synapses: Arc<SharedSynapses>) -> Self {
        Self { synapses: Some(synapses), ..self }
    }

    /// The network in description, checked.
    ///
    /// # Errors
    /// If a file that the scenario names has changed since [`load`] for the worse.
    pub fn builder(&self) -> Result<NetworkBuilder> {
        Ok(self.described()?.builder)
    }

    /// Drawn parameters whose moments are others than those asked for, because they are kept positive.
    ///
    /// # Errors
    /// As [`Scenario::builder`].
    pub fn cuts(&self) -> Result<Vec<Cut>> {
        let described = self.described()?;
        let cuts = described.builder.cuts();
        self.keep(described);
        Ok(cuts)
    }

    /// Neurons, synapses and bytes, without building.
    ///
    /// # Errors
    /// As [`Scenario::builder`].
    pub fn predict(&self) -> Result<Prediction> {
        let described = self.described()?;
        let prediction = described.builder.predict();
        self.keep(described);
        Ok(prediction)
    }

    /// As [`Scenario::predict`], of the rank that needs most memory if there are so many, with one thread each.
    ///
    /// # Errors
    /// As [`Scenario::builder`].
    pub fn predict_rank(&self, ranks: usize) -> Result<Prediction> {
        let described = self.described()?;
        let prediction = predict_share(&described.builder, ranks.max(1));
        self.keep(described);
        Ok(prediction)
    }

    /// The network, built by `threads` threads, on which it does not depend.
    ///
    /// # Errors
    /// As [`Scenario::builder`], or if a drawn weight or delay is beyond the range of f32.
    pub fn network(&self, threads: usize) -> Result<Network> {
        self.build(self.described()?.builder, threads)
    }

    /// The network that `builder` describes, which is that of [`Scenario::builder`].
    ///
    /// # Errors
    /// As [`Scenario::network`].
    pub fn build(&self, builder: NetworkBuilder, threads: usize) -> Result<Network> {
        let options = BuildOptions { threads, ranks: 1, memory_limit: None };
        let built = match &self.synapses {
            None => builder.build(&options),
            Some(shared) => builder.build_sharing(&options, shared),
        };
        built.map_err(|source| self.unbuilt(source))
    }

    /// As [`Scenario::build`], the part of one rank, with the synapses onto its neurons alone, and their delays.
    pub(crate) fn build_share(&self, builder: NetworkBuilder, rank: Rank, threads: usize) -> Result<Network> {
        let options = BuildOptions { threads, ranks: rank.of, memory_limit: None };
        let mine = rank.blocks(&builder.blocks(&options));
        let asked = |block| mine.binary_search(&block).is_ok();
        builder.build_share(&options, asked).map_err(|source| self.unbuilt(source))
    }

    /// As [`Scenario::build`], the neurons alone.
    pub(crate) fn build_neurons(&self, builder: NetworkBuilder) -> Result<Network> {
        builder.build_part(&BuildOptions::default(), |_| false).map_err(|source| self.unbuilt(source))
    }

    fn unbuilt(&self, source: NetworkError) -> ScenarioError {
        ScenarioError::Network { file: self.file.clone(), source: Box::new(source) }
    }

    /// What [`load`] has read, or the second time, what is read anew.
    pub(crate) fn described(&self) -> Result<Described> {
        let kept = self.kept().take();
        kept.map_or_else(|| self.read_anew(), Ok)
    }

    fn keep(&self, described: Described) {
        *self.kept() = Some(described);
    }

    fn kept(&self) -> MutexGuard<'_, Option<Described>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read_anew(&self) -> Result<Described> {
        let (described, places) = self.resolve()?;
        // Before the neurons' parameters are drawn, which may take much of the memory itself.
        memory::check(&self.division.predict(&described.builder), &self.file)?;
        match described.builder.validate() {
            Ok(()) => Ok(described),
            Err(error) => Err(locate::located(error, &places, &self.file)),
        }
    }

    /// The file as a section, to read from.
    pub(crate) fn root(&self) -> Section<'_> {
        Section::of_file(&self.path, &self.file, &self.tree)
    }

    fn resolve(&self) -> Result<(Described, Places<'_>)> {
        let whole = self.root();
        let mut draft = Draft::new(self.seed());
        let mut places = Places::new();
        for section in whole.sections("population")? {
            let read = draft.read_population(&section, None)?;
            places.push((format!("population \"{}\"", read.name), section));
            draft.add_population(read);
        }
        if draft.populations.is_empty() {
            return Err(whole.absent("population", "at least one [[population]] table"));
        }
        for section in whole.sections("projection")? {
            let spec = draft.read_projection(&section, None)?;
            places.push((format!("projection \"{}\"", spec.name), section));
            draft.add_projection(spec);
        }
        for section in whole.sections("input")? {
            let spec = draft.read_input(&section)?;
            places.push((format!("input \"{}\"", spec.name), section));
            draft.add_input(spec);
        }
        let record = record::read(&whole, &draft.populations)?;
        let Draft { builder, populations, projections, .. } = draft;
        Ok((Described { builder, record, populations, projections }, places))
    }
}

impl Division {
    /// What has to fit into this machine.
    fn predict(self, builder: &NetworkBuilder) -> Prediction {
        match self.ranks {
            1 => builder.predict(),
            ranks => {
                let of_one = predict_share(builder, ranks);
                Prediction { bytes: of_one.bytes.saturating_mul(self.here as u64), ..of_one }
            }
        }
    }
}

/// Of the rank that needs most of `ranks` with one thread each; of very many, of the first hundred.
fn predict_share(builder: &NetworkBuilder, ranks: usize) -> Prediction {
    let options = BuildOptions { threads: 1, ranks, ..BuildOptions::default() };
    let blocks = builder.blocks(&options);
    let of = |index| {
        let mine = Rank { index, of: ranks }.blocks(&blocks);
        builder.predict_part(&options, |block| mine.binary_search(&block).is_ok())
    };
    (1..ranks.min(100)).map(of).fold(of(0), |most, other| if other.bytes > most.bytes { other } else { most })
}

impl Head {
    fn read(whole: &Section) -> Result<Self> {
        whole.allow(&[
            "name",
            "description",
            "prepare",
            "seed",
            "duration_ms",
            "warmup_ms",
            "population",
            "projection",
            "input",
            "record",
            "energy",
        ])?;
        let warmup = whole.get("warmup_ms").map_or(Ok(0.0), |entry| entry.number(Range::NotNegative))?;
        let description = whole.get("description").map(|entry| entry.text()).transpose()?;
        Ok(Self {
            name: whole.need("name", "a text in quotes")?.file_name()?.to_owned(),
            description: description.unwrap_or_default().to_owned(),
            seed: whole.get("seed").map_or(Ok(1), |entry| entry.integer(0, i64::MAX as u64))?,
            duration: duration(whole)?,
            warmup,
        })
    }
}

fn duration(whole: &Section) -> Result<f64> {
    let entry = whole.need("duration_ms", "a finite number > 0")?;
    let duration = entry.number(Range::Positive)?;
    if duration > LATEST { Err(entry.refuse(format!("a finite number > 0, at most {LATEST:e}"))) } else { Ok(duration) }
}
