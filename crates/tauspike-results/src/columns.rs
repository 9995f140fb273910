//! Which columns are there, and what does each hold?

use tauspike_spike::Counters;

/// The file of [`networks`].
pub const NETWORKS: &str = "networks.parquet";
/// The file of [`results`].
pub const RESULTS: &str = "results.parquet";

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// Their unit; "1" for a number without.
    pub unit: &'static str,
    /// What they mean.
    pub meaning: &'static str,
}

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Strings, none missing; may be dictionary-encoded in a file of others.
    Text,
    /// Whole numbers from 0 to 2^64 - 1, none missing.
    Whole,
    /// Whole numbers, or missing.
    Count,
    /// Finite numbers, none missing.
    Real,
    /// Finite numbers, or missing. NaN and infinities are written, and read, as missing.
    Optional,
}

impl Kind {
    /// As messages say it.
    pub fn expected(self) -> &'static str {
        match self {
            Kind::Text => "strings, plain or dictionary, without nulls",
            Kind::Whole => "whole numbers of at least 0, without nulls",
            Kind::Count => "whole numbers of at least 0, or nulls",
            Kind::Real => "finite numbers, without nulls",
            Kind::Optional => "numbers, or nulls",
        }
    }
}

macro_rules! columns {
    ($($constant:ident = $name:literal, $kind:ident, $unit:literal, $meaning:literal;)*) => {
        $(
            #[doc = $meaning]
            pub const $constant: Column = Column { name: $name, kind: Kind::$kind, unit: $unit, meaning: $meaning };
        )*
    };
}

columns! {
    NETWORK_ID = "network_id", Text, "1", "Names a network, once in an experiment.";
    EXPERIMENT = "experiment", Text, "1", "Which question the network was made for.";
    MODEL = "model", Text, "1", "LI or LIF.";
    CODING = "coding", Text, "1", "How the stimulus comes in.";
    READOUT = "readout", Text, "1", "What is read out.";
    PROFILE = "profile", Text, "1", "How the time constants are spread.";
    CV = "cv", Real, "1", "Coefficient of variation of the time constants that was asked for.";
    N = "n", Whole, "1", "Number of neurons.";
    TAU = "tau_ms", Real, "ms", "Mean time constant that was asked for.";
    FACTOR = "factor", Optional, "1", "Value of what the experiment varies.";
    SEED = "seed", Whole, "1", "Networks of one seed differ in nothing but what is compared.";

    TAU_MEAN = "tau_mean_ms", Optional, "ms", "Mean of the time constants that were drawn.";
    TAU_REALISED_CV = "tau_realised_cv", Optional, "1", "Their coefficient of variation.";
    TAU_SKEWNESS = "tau_skewness", Optional, "1", "Their skewness.";
    TAU_MIN = "tau_min_ms", Optional, "ms", "The smallest of them.";
    TAU_MAX = "tau_max_ms", Optional, "ms", "The largest of them.";
    RATE = "rate_hz", Optional, "Hz", "Mean firing rate of a spiking network.";
    OPERATIONS = "operations", Count, "1", "Multiply-adds of a computer that works at events, an elementary function as ten.";
    MODEL_TIME = "model_time_ms", Real, "ms", "Model time of all stimuli together.";
    PARTICIPATION_RATIO = "participation_ratio", Optional, "1", "Effective dimension of the states, mean over the stimuli.";
    ENERGY_CHIP_EVENT = "energy_chip_event_pj", Optional, "pJ", "Proxy of chip energy at events alone.";
    ENERGY_CHIP_CLOCKED = "energy_chip_clocked_pj", Optional, "pJ", "Proxy of chip energy with clocked updates.";
    ENERGY_METABOLIC = "energy_metabolic_atp", Optional, "ATP", "Proxy of metabolic energy, molecules of ATP.";

    TASK = "task", Text, "1", "Names a task.";
    DEGREE = "degree", Whole, "1", "Sum of the powers of the input.";
    SHIFT = "shift_ms", Real, "ms", "Shift of the first factor: above 0 predicts, below 0 recalls.";
    DIMENSIONS = "dimensions", Whole, "1", "Dimensions of the stimulus.";
    CORRELATION_TIME = "correlation_time_ms", Optional, "ms", "Correlation time of the stimulus.";
    COMPLEXITY = "complexity", Optional, "1", "How much a reservoir must provide, as a logarithm.";
    R2 = "r2", Real, "1", "Explained share of the variance on the test part; may be negative.";
    NRMSE = "nrmse", Optional, "1", "Root mean square error in standard deviations of the target.";
    POSSIBLE_R2 = "possible_r2", Optional, "1", "The most that the stimulus up to now allows, r2 / possible_r2 is the share of it; missing where nobody knows.";
    CHANCE_R2 = "chance_r2", Optional, "1", "r2 for the same target rotated in time against the states.";
    LAMBDA = "lambda", Optional, "1", "Ridge parameter, chosen within the training part.";
    ALIGNMENT = "alignment", Optional, "1", "Centred alignment of states and target on the test part, 0 to 1.";
}

/// What identifies a network, in both tables.
const IDENTITY: [Column; 11] = [NETWORK_ID, EXPERIMENT, MODEL, CODING, READOUT, PROFILE, CV, N, TAU, FACTOR, SEED];

/// A column for each counter of a spiking network.
pub fn counters() -> impl Iterator<Item = Column> {
    let column = |counter: &tauspike_spike::Counter| Column {
        name: counter.name,
        kind: Kind::Count,
        unit: "1",
        meaning: counter.meaning,
    };
    Counters::LIST.iter().map(column)
}

/// The columns of [`NETWORKS`], in order.
pub fn networks() -> Vec<Column> {
    let drawn = [TAU_MEAN, TAU_REALISED_CV, TAU_SKEWNESS, TAU_MIN, TAU_MAX, RATE];
    let cost = [OPERATIONS, MODEL_TIME, PARTICIPATION_RATIO, ENERGY_CHIP_EVENT, ENERGY_CHIP_CLOCKED, ENERGY_METABOLIC];
    IDENTITY.into_iter().chain(drawn).chain(counters()).chain(cost).collect()
}

/// The columns of [`RESULTS`], in order.
pub fn results() -> Vec<Column> {
    let task = [TASK, DEGREE, SHIFT, DIMENSIONS, CORRELATION_TIME, COMPLEXITY];
    let score = [R2, NRMSE, POSSIBLE_R2, CHANCE_R2, LAMBDA, ALIGNMENT];
    IDENTITY.into_iter().chain(task).chain(score).collect()
}
