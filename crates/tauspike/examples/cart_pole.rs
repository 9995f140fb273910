//! A spiking network balances a pole: it feels where the pole is, and pushes the cart it stands on.
//!
//! Every millisecond the state of the cart sets the currents of the sensory neurons, the network runs on, and what its motor neurons have fired
//! since is the push. Nothing is learnt; weights are those of a linear controller. `cargo run --example cart_pole` shows the pole with the
//! network and without it, ends with an error if either does otherwise than expected, and prints when it falls.

use std::error::Error;
use std::sync::Arc;
use tauspike::*;

/// Sensory neurons for each direction of each of four quantities; motor neurons for each direction.
const SENSORS: u32 = 20;
const MOTORS: u32 = 40;
/// What is felt: angle (rad), its speed (rad/s), place (m), its speed (m/s). The size that doubles or stops the drive of a sensor, and how
/// strongly it acts, mV.
const FELT: [(f64, f64); 4] = [(0.2, 3.2), (1.0, 3.2), (2.4, 1.0), (2.0, 2.4)];
/// Current of a sensor at rest, pA, and what it is changed by.
const REST: f64 = 450.0;
const RANGE: f64 = 300.0;
/// Push of a spike, N, and how long it lasts, ms.
const PUSH: f64 = 0.35;
const LASTS: f64 = 20.0;
/// ms.
const DURATION: u32 = 20_000;

fn main() -> Result<(), Box<dyn Error>> {
    let network = Arc::new(network()?);
    println!("{} neurons, {} synapses", network.neurons(), network.synapses());
    let with = balance(&network, true)?;
    let without = balance(&network, false)?;
    for (what, fell) in [("with the network", with), ("without it", without)] {
        match fell {
            Some(ms) => println!("{what} the pole falls after {:.2} s", f64::from(ms) / 1e3),
            None => println!("{what} the pole stands after {:.0} s", f64::from(DURATION) / 1e3),
        }
    }
    if with.is_some() || without.is_none() {
        Err("it should stand with the network, and fall without".into())
    } else {
        Ok(())
    }
}

/// Sensors of either direction, then motors to the right and to the left.
fn network() -> Result<Network, NetworkError> {
    let mut builder = NetworkBuilder::new(3);
    let lif =
        LifSpec { tau_m: 10.0.into(), v_init: Some(Distribution::uniform(-70.0, -55.0).into()), ..LifSpec::default() };
    let sensors = builder.population("sensors", 8 * SENSORS, lif.clone());
    let motors = [("right", 0), ("left", 1)].map(|(name, side)| (builder.population(name, MOTORS, lif.clone()), side));
    for (motor, side) in motors {
        let mut synapses = SynapseList { pre: vec![], post: vec![], weight: Some(vec![]), delay: None };
        for (quantity, (_, weight)) in (0..).zip(FELT) {
            for sensor in 0..SENSORS {
                // each sensor reaches a quarter of the motors
                for motor in (sensor % 4..MOTORS).step_by(4) {
                    synapses.pre.push((2 * quantity + side) * SENSORS + sensor);
                    synapses.post.push(motor);
                    synapses.weight.get_or_insert_default().push(weight);
                }
            }
        }
        let name = format!("sensors to motors {side}");
        builder.project(ProjectionSpec::new(&name, (sensors, motor), Rule::Explicit(synapses)).delay(1.0));
    }
    builder.build(&BuildOptions::default())
}

/// Lets the pole go, leaning a little; returns when it falls, or the cart leaves the track, ms.
fn balance(network: &Arc<Network>, pushed: bool) -> Result<Option<u32>, EngineError> {
    let mut simulation = Simulation::new(network.clone(), Options::default())?;
    let (mut cart, mut push) = (Cart { angle: 0.05, ..Cart::default() }, 0.0);
    let sensors: Vec<u32> = (0..8 * SENSORS).collect();
    let right = 8 * SENSORS..8 * SENSORS + MOTORS;
    let mut spikes: Vec<Spike> = Vec::new();
    for ms in 0..DURATION {
        simulation.set_current(&sensors, f64::from(ms), &cart.felt())?;
        spikes.clear();
        simulation.run(f64::from(ms + 1), &mut spikes)?;
        for spike in spikes.iter().filter(|spike| spike.source >= right.start) {
            push += if right.contains(&spike.source) { PUSH } else { -PUSH };
        }
        cart.step(if pushed { push } else { 0.0 });
        push -= push / LASTS;
        if cart.is_lost() {
            return Ok(Some(ms));
        }
    }
    Ok(None)
}

/// A pole of 0.1 kg and 1 m on a cart of 1 kg (Barto, Sutton & Anderson 1983, IEEE Trans SMC 13:834), without friction.
#[derive(Default)]
struct Cart {
    angle: f64,
    turning: f64,
    place: f64,
    speed: f64,
}

impl Cart {
    /// The current of each sensor, pA: more where what it feels goes its way.
    fn felt(&self) -> Vec<f64> {
        let quantities = [self.angle, self.turning, self.place, self.speed];
        let felt = quantities.iter().zip(FELT).map(|(quantity, (size, _))| (quantity / size).clamp(-1.0, 1.0));
        let sides = felt.flat_map(|felt| [felt, -felt]);
        sides.flat_map(|felt| std::iter::repeat_n(REST + RANGE * felt, SENSORS as usize)).collect()
    }

    /// A millisecond under a force, N.
    #[allow(clippy::disallowed_methods, reason = "the pole is no part of the network, and no bit of it is compared")]
    fn step(&mut self, force: f64) {
        let (gravity, mass, pole, half, ms) = (9.8, 1.1, 0.1, 0.5, 1e-3);
        let (sin, cos) = self.angle.sin_cos();
        let pushed = (force.clamp(-10.0, 10.0) + pole * half * self.turning * self.turning * sin) / mass;
        let turned = (gravity * sin - cos * pushed) / (half * (4.0 / 3.0 - pole * cos * cos / mass));
        let moved = pushed - pole * half * turned * cos / mass;
        (self.turning, self.speed) = (self.turning + turned * ms, self.speed + moved * ms);
        (self.angle, self.place) = (self.angle + self.turning * ms, self.place + self.speed * ms);
    }

    fn is_lost(&self) -> bool {
        self.angle.abs() > 0.2 || self.place.abs() > 2.4
    }
}
