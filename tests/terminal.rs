//! The real binary in a real pseudo-terminal: keys go in, the screen is what a terminal emulator made of the bytes.
//! Waits are for a state of the screen, never for a time.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// A screen that does not come within this long does not come.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    /// So long a state of the screen is waited for.
    pub patience: Duration,
}

struct Seen {
    emulator: vt100::Parser,
    raw: Vec<u8>,
    over: bool,
}

impl Terminal {
    /// Starts the program in a terminal of this size, with nothing of the outer environment but the path.
    pub fn start(arguments: &[&str], environment: &[(&str, &str)], home: &Path, size: (u16, u16)) -> Self {
        let (cols, rows) = size;
        let pty = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_caseload"));
        command.env_clear();
        command.env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("CASELOAD_HOME", home);
        command.env("HOME", home);
        command.cwd(std::env::temp_dir());
        for (name, value) in environment {
            command.env(name, value);
        }
        command.args(arguments);
        let child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let seen = Arc::new((Mutex::new(Seen { emulator: vt100::Parser::new(cells(rows), cells(cols), 0), raw: Vec::new(), over: false }), Condvar::new()));
        let mut bytes = pty.master.try_clone_reader().unwrap();
        let watcher = Arc::clone(&seen);
        std::thread::spawn(move || {
            let mut some = vec![0_u8; 65536];
            while let Ok(count @ 1..) = bytes.read(&mut some) {
                let mut seen = watcher.0.lock().unwrap();
                seen.emulator.process(&some[..count]);
                seen.raw.extend_from_slice(&some[..count]);
                watcher.1.notify_all();
            }
            watcher.0.lock().unwrap().over = true;
            watcher.1.notify_all();
        });
        let keys = pty.master.take_writer().unwrap();
        Self { child, master: pty.master, keys, seen, patience: PATIENCE }
    }

    /// Types these bytes.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
        self
    }

    pub fn resize(&mut self, cols: u16, rows: u16) -> &mut Self {
        self.seen.0.lock().unwrap().emulator.screen_mut().set_size(cells(rows), cells(cols));
        self.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        self
    }

    /// Waits until the screen fits; panics with the screen if it never does.
    pub fn until(&mut self, what: &str, fits: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + self.patience;
        let mut seen = self.seen.0.lock().unwrap();
        loop {
            let screen = seen.emulator.screen().contents();
            if fits(&screen) {
                return screen;
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero() && !seen.over, "waited for {what}; the screen is\n{screen}");
            seen = self.seen.1.wait_timeout(seen, left).unwrap().0;
        }
    }

    /// Waits until the screen holds these words.
    pub fn shows(&mut self, words: &str) -> String {
        self.until(words, |screen| screen.contains(words))
    }

    /// Every byte that reached the terminal so far.
    pub fn raw(&self) -> Vec<u8> {
        self.seen.0.lock().unwrap().raw.clone()
    }

    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Sends a signal by its name: `TERM`, `HUP`, `KILL`.
    pub fn signal(&mut self, name: &str) -> &mut Self {
        let sent = std::process::Command::new("kill").args([&format!("-{name}"), &self.pid().to_string()]).status().unwrap();
        assert!(sent.success());
        self
    }

    /// Waits for the end of the program; its exit code.
    pub fn ended(&mut self) -> u32 {
        let end = Instant::now() + self.patience;
        let mut seen = self.seen.0.lock().unwrap();
        while !seen.over {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "the program goes on; the screen is\n{}", seen.emulator.screen().contents());
            seen = self.seen.1.wait_timeout(seen, left).unwrap().0;
        }
        drop(seen);
        self.child.wait().unwrap().exit_code()
    }

    /// The terminal as the program left it: main screen, cursor shown, no mode of ours on.
    pub fn is_restored(&self) -> bool {
        let seen = self.seen.0.lock().unwrap();
        let screen = seen.emulator.screen();
        !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
    }
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap()
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _gone = self.child.kill();
    }
}
