//! Which columns are there, and what does each hold?

use tauspike_spike::Counters;

/// The file of [`networks`].
pub const NETWORKS: &str = "networks.parquet";
/// The file of [`results`].
pub const RESULTS: &str = "results.parquet";

/// The file of [`taus`].
pub const TAUS: &str = "taus.parquet";

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
    NETWORK_ID = "network_id", Text, "1", "Names a network, once in a study.";
    EXPERIMENT = "experiment", Text, "1", "Which question the network was made for.";
    MODEL = "model", Text, "1", "LI or LIF.";
    READOUT = "readout", Text, "1", "What is read out: state, filtered (spikes) or membrane.";
    PROFILE = "profile", Text, "1", "How the time constants are spread.";
    CV = "cv", Real, "1", "Coefficient of variation of the time constants that was asked for.";
    AXES = "axes", Text, "1", "Columns over which the experiment is swept, joined by commas.";
    SEED = "seed", Whole, "1", "Networks of one seed differ in nothing but what is compared.";

    N = "n", Whole, "1", "Number of neurons.";
    TAU = "tau_ms", Real, "ms", "Mean time constant that was asked for.";
    TAU_SMALLEST = "tau_smallest_ms", Real, "ms", "Smaller time constants are set to this.";
    IN_DEGREE = "in_degree", Whole, "1", "Recurrent synapses of each neuron.";
    SPECTRAL_RADIUS = "spectral_radius", Optional, "1", "Of LI: radius of the disc of eigenvalues.";
    INPUT_WEIGHT = "input_weight", Optional, "1", "Of LI: largest input weight.";
    BIAS = "bias", Optional, "1", "Of LI: largest bias.";
    WEIGHT = "weight_mv", Optional, "mV", "Of LIF: recurrent weights.";
    INPUT = "input_mv", Optional, "mV", "Of LIF: largest input weight.";
    BIAS_MV = "bias_mv", Optional, "mV", "Of LIF: mean bias.";
    BIAS_SPREAD = "bias_spread_mv", Optional, "mV", "Of LIF: largest distance of a bias from its mean.";
    MATCHED_RATE = "matched_rate_hz", Optional, "Hz", "Of LIF: rate to which the bias is moved.";
    NOISE = "noise", Real, "1", "Noise, in standard deviations of the input.";
    TAU_SYN = "tau_syn_ms", Optional, "ms", "Of LIF: time constant of synaptic currents.";
    DELAY = "delay_ms", Optional, "ms", "Of LIF: axonal delay.";
    CODING = "coding", Text, "1", "How the stimulus comes in.";
    POISSON_SOURCES = "poisson_sources", Optional, "1", "Of Poisson input: sources of each sign and dimension.";
    POISSON_RATE = "poisson_rate_hz", Optional, "Hz", "Of Poisson input: rate of a source.";
    SEND_ON_DELTA = "send_on_delta", Optional, "1", "Of send-on-delta input: its step.";
    EVERY = "every", Whole, "1", "One sample of so many is read.";
    TRAIN_SAMPLES = "train_samples", Optional, "1", "Samples that are fitted, if not the whole training part.";
    LOST_NEURONS = "lost_neurons", Real, "1", "Share of neurons lost before the test.";
    LOST_SYNAPSES = "lost_synapses", Real, "1", "Share of synapses lost before the test.";
    DRIFT = "drift", Real, "1", "Spread of the gains of states that changed before the test.";
    FILTER = "filter_ms", Optional, "ms", "Of filtered spikes: time constant.";

    SCORE = "score", Real, "1", "Mean over the tasks of max(r2, 0).";
    MEAN_CHANCE = "mean_chance_r2", Optional, "1", "Mean over the tasks of chance_r2.";
    MEAN_ALIGNMENT = "mean_alignment", Optional, "1", "Mean over the tasks of alignment.";
    MEAN_EFFECTIVE_RANK = "mean_effective_rank", Optional, "1", "Mean over the tasks of effective_rank.";
    PARTICIPATION_RATIO = "participation_ratio", Optional, "1", "Effective dimension of the states, mean over the stimuli.";
    TAU_MEAN = "tau_mean_ms", Optional, "ms", "Mean of the time constants that were drawn.";
    TAU_REALISED_CV = "tau_realised_cv", Optional, "1", "Their coefficient of variation.";
    TAU_SKEWNESS = "tau_skewness", Optional, "1", "Their skewness.";
    TAU_MIN = "tau_min_ms", Optional, "ms", "The smallest of them.";
    TAU_MAX = "tau_max_ms", Optional, "ms", "The largest of them.";
    TAU_CLIPPED = "tau_clipped", Optional, "1", "Share of them that was raised to the smallest one allowed.";
    TAU_BELOW_STEP = "tau_below_step", Optional, "1", "Share of them below the step of the stimulus.";
    RATE = "rate_hz", Optional, "Hz", "Mean firing rate of a spiking network.";
    OPERATIONS = "operations", Count, "1", "Multiply-adds of a computer that works at events, an elementary function as ten; without noise and readout.";
    OPERATIONS_READOUT = "operations_readout", Count, "1", "Multiply-adds of one linear readout.";
    MODEL_TIME = "model_time_ms", Real, "ms", "Model time of all stimuli together.";
    RECURRENT_EVENTS = "recurrent_events", Count, "1", "Arrivals over recurrent synapses.";
    INPUT_EVENTS = "input_events", Count, "1", "Arrivals of the stimulus.";
    ENERGY_RECURRENCE = "energy_recurrence_pj", Optional, "pJ", "Proxy of chip energy: recurrent arrivals.";
    ENERGY_INPUT = "energy_input_pj", Optional, "pJ", "Proxy of chip energy: arrivals of the stimulus.";
    ENERGY_NEURONS = "energy_neurons_pj", Optional, "pJ", "Proxy of chip energy: updates of neurons at each step of the clock.";
    ENERGY_READOUT = "energy_readout_pj", Optional, "pJ", "Proxy of chip energy: spikes to one target of the readout.";
    ENERGY_METABOLIC = "energy_metabolic_atp", Optional, "ATP", "Proxy of metabolic energy, molecules of ATP.";

    NEURON = "neuron", Whole, "1", "A neuron of a network.";
    TAU_M = "tau_m_ms", Real, "ms", "Its time constant.";

    TASK = "task", Text, "1", "Names a task.";
    DEGREE = "degree", Whole, "1", "Sum of the powers of the input.";
    SHIFT = "shift_ms", Real, "ms", "Shift of the first factor: above 0 predicts, below 0 recalls.";
    DIMENSIONS = "dimensions", Whole, "1", "Dimensions of the stimulus.";
    CORRELATION_TIME = "correlation_time_ms", Optional, "ms", "Correlation time of the stimulus.";
    COMPLEXITY = "complexity", Optional, "1", "How much a reservoir must provide, as a logarithm.";
    R2 = "r2", Real, "1", "Explained share of the variance on the test part; may be negative.";
    NRMSE = "nrmse", Optional, "1", "Root mean square error in standard deviations of the target.";
    POSSIBLE_R2 = "possible_r2", Optional, "1", "The most that the stimulus up to now allows, r2 / possible_r2 is the share of it; missing where nobody knows.";
    SHARE_OF_POSSIBLE = "share_of_possible", Optional, "1", "Sum of max(r2, 0) over the sum of possible_r2, of the tasks that have one; in summary.parquet alone.";
    CHANCE_R2 = "chance_r2", Optional, "1", "r2 for the same target rotated in time against the states.";
    LAMBDA = "lambda", Optional, "1", "Ridge parameter, chosen within the training part.";
    ALIGNMENT = "alignment", Optional, "1", "Centred alignment of states and target on the test part, 0 to 1.";
    EFFECTIVE_RANK = "effective_rank", Optional, "1", "Directions that the readout uses: sum of s / (s + lambda) over the eigenvalues s of the states.";
}

/// What identifies a network and what is read from it, in both tables.
const IDENTITY: [Column; 8] = [NETWORK_ID, EXPERIMENT, MODEL, READOUT, PROFILE, CV, AXES, SEED];

/// What a network is made from. Most have the names of the keys of a study file; [`TAU_SMALLEST`] is `tau_min_ms`, and
/// [`MATCHED_RATE`] `rate_hz`, whose names are those of results.
pub const PARAMETERS: [Column; 25] = [
    N,
    TAU,
    TAU_SMALLEST,
    IN_DEGREE,
    SPECTRAL_RADIUS,
    INPUT_WEIGHT,
    BIAS,
    WEIGHT,
    INPUT,
    BIAS_MV,
    BIAS_SPREAD,
    MATCHED_RATE,
    NOISE,
    TAU_SYN,
    DELAY,
    CODING,
    POISSON_SOURCES,
    POISSON_RATE,
    SEND_ON_DELTA,
    EVERY,
    TRAIN_SAMPLES,
    LOST_NEURONS,
    LOST_SYNAPSES,
    DRIFT,
    FILTER,
];

/// The column of a key of a study file over which an experiment can be swept.
pub fn of_key(key: &str) -> Option<Column> {
    let name = match key {
        "tau_min_ms" => TAU_SMALLEST.name,
        "rate_hz" => MATCHED_RATE.name,
        key => key,
    };
    PARAMETERS.into_iter().find(|column| column.name == name)
}

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
    let came_out = [SCORE, MEAN_CHANCE, MEAN_ALIGNMENT, MEAN_EFFECTIVE_RANK, PARTICIPATION_RATIO];
    let drawn = [TAU_MEAN, TAU_REALISED_CV, TAU_SKEWNESS, TAU_MIN, TAU_MAX, TAU_CLIPPED, TAU_BELOW_STEP, RATE];
    let cost = [OPERATIONS, OPERATIONS_READOUT, MODEL_TIME, RECURRENT_EVENTS, INPUT_EVENTS];
    let energy = [ENERGY_RECURRENCE, ENERGY_INPUT, ENERGY_NEURONS, ENERGY_READOUT, ENERGY_METABOLIC];
    let made_from = IDENTITY.into_iter().chain(PARAMETERS);
    made_from.chain(came_out).chain(drawn).chain(counters()).chain(cost).chain(energy).collect()
}

/// The columns of [`RESULTS`], in order.
pub fn results() -> Vec<Column> {
    let task = [TASK, DEGREE, SHIFT, DIMENSIONS, CORRELATION_TIME, COMPLEXITY];
    let score = [R2, NRMSE, POSSIBLE_R2, CHANCE_R2, LAMBDA, ALIGNMENT, EFFECTIVE_RANK];
    IDENTITY.into_iter().chain(task).chain(score).collect()
}

/// The columns of [`TAUS`], in order: the time constants of every profile at the mean of the study file.
pub fn taus() -> Vec<Column> {
    vec![PROFILE, CV, SEED, NEURON, TAU_M]
}
