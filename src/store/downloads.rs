//! A folder that attachments are saved into. What is there already is never touched, no link is followed, nothing is opened
//! or unpacked, and what was begun and not finished goes again. The folder is opened once: what its name means later is
//! somebody else's.

use crate::model::Timestamp;
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

/// Names of unfinished files begin like this.
const PART: &str = ".caseload-part-";
/// What a save that was cut off left behind is in nobody's way before that; seconds.
const STALE: i64 = 3_600;
/// So many files of one name are enough.
const ALIKE: usize = 999;
/// Bytes of a name, as `clean_name` has it.
const NAME: usize = 120;

/// An open folder.
#[derive(Debug)]
pub struct Downloads {
    folder: OwnedFd,
    path: PathBuf,
}

/// A file that is being written, under a name of its own until it is whole.
#[derive(Debug)]
pub struct Part<'d> {
    downloads: &'d Downloads,
    name: String,
    file: File,
    kept: bool,
}

impl Downloads {
    /// Opens the folder; it is made, private, when it is not there.
    pub fn open(path: &Path, now: Timestamp) -> io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        let folder = rustix::fs::openat(CWD, path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
        let downloads = Self { folder, path: path.to_owned() };
        downloads.sweep(now.timestamp());
        Ok(downloads)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Begins a file. `tag` is a number that no other process uses at the moment.
    pub fn begin(&self, tag: u64) -> io::Result<Part<'_>> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        for turn in 0..ALIKE {
            let name = format!("{PART}{tag:x}-{turn}");
            match rustix::fs::openat(&self.folder, &name, flags, Mode::RUSR | Mode::WUSR) {
                Ok(file) => return Ok(Part { downloads: self, name, file: File::from(file), kept: false }),
                Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Errno::EXIST.into())
    }

    /// What an interrupted save left behind.
    fn sweep(&self, now: i64) {
        let Ok(entries) = rustix::fs::Dir::read_from(&self.folder) else { return };
        for entry in entries.flatten().filter(|entry| entry.file_name().to_bytes().starts_with(PART.as_bytes())) {
            let about = rustix::fs::statat(&self.folder, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW);
            let stale = about.is_ok_and(|about| FileType::from_raw_mode(about.st_mode) == FileType::RegularFile && now - about.st_mtime > STALE);
            if stale {
                // Who else took it away did no harm.
                let _gone = rustix::fs::unlinkat(&self.folder, entry.file_name(), AtFlags::empty());
            }
        }
    }
}

impl Part<'_> {
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    /// Gives the whole file its name, or the next one like it that is free: `photo (2).jpg`. Gives the name it got.
    pub fn finish(mut self, name: &str) -> io::Result<String> {
        self.file.sync_all()?;
        for turn in 1..=ALIKE {
            let wanted = numbered(name, turn);
            match self.rename(&wanted) {
                Ok(()) => {
                    self.kept = true;
                    return Ok(wanted);
                }
                Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Errno::EXIST.into())
    }

    /// Never onto something that is there, be it a link that leads nowhere: a second name for the file; where the disk does not
    /// know that, a name that is claimed first.
    fn rename(&self, wanted: &str) -> Result<(), Errno> {
        let folder = &self.downloads.folder;
        match rustix::fs::linkat(folder, &self.name, folder, wanted, AtFlags::empty()) {
            Err(Errno::PERM | Errno::NOSYS | Errno::NOTSUP | Errno::MLINK) => {}
            Ok(()) => return rustix::fs::unlinkat(folder, &self.name, AtFlags::empty()),
            Err(error) => return Err(error),
        }
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        rustix::fs::openat(folder, wanted, flags, Mode::RUSR | Mode::WUSR)?;
        rustix::fs::renameat(folder, &self.name, folder, wanted)
    }
}

impl Drop for Part<'_> {
    fn drop(&mut self) {
        if !self.kept {
            // What stays is swept away next time.
            let _stays = rustix::fs::unlinkat(&self.downloads.folder, &self.name, AtFlags::empty());
        }
    }
}

/// `photo.jpg`, `photo (2).jpg`; the ending stays and the name no longer than a name may be.
fn numbered(name: &str, turn: usize) -> String {
    if turn < 2 {
        return name.to_owned();
    }
    let (stem, ending) = match name.rsplit_once('.').filter(|(stem, ending)| !stem.is_empty() && ending.len() <= 12) {
        Some((stem, ending)) => (stem, format!(".{ending}")),
        None => (name, String::new()),
    };
    let number = format!(" ({turn})");
    let end = (0..=stem.len().min(NAME.saturating_sub(number.len() + ending.len()))).rev().find(|at| stem.is_char_boundary(*at)).unwrap_or(0);
    format!("{}{number}{ending}", &stem[..end])
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests look at what was written")]

    use super::{Downloads, PART, numbered};
    use crate::model::Timestamp;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn now() -> Timestamp {
        std::time::SystemTime::UNIX_EPOCH.into()
    }

    fn save(downloads: &Downloads, name: &str, words: &str) -> String {
        let mut part = downloads.begin(7).unwrap();
        part.write(words.as_bytes()).unwrap();
        part.finish(name).unwrap()
    }

    #[test]
    fn nothing_that_is_there_is_touched() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("new/downloads");
        let downloads = Downloads::open(&folder, now()).unwrap();
        let outside = home.path().join("outside");
        symlink(&outside, folder.join("b.txt")).unwrap();
        std::fs::create_dir(folder.join("c.txt")).unwrap();
        let names: Vec<String> = ["a.txt", "a.txt", "b.txt", "c.txt", "a.txt"].into_iter().map(|name| save(&downloads, name, name)).collect();
        assert_eq!(names, ["a.txt", "a (2).txt", "b (2).txt", "c (2).txt", "a (3).txt"]);
        assert!(!outside.exists(), "a link was followed");
        assert_eq!(std::fs::read_to_string(folder.join("a.txt")).unwrap(), "a.txt");
        let mode = std::fs::metadata(folder.join("a (3).txt")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn what_is_not_finished_goes() {
        let home = tempfile::tempdir().unwrap();
        let downloads = Downloads::open(home.path(), now()).unwrap();
        let mut part = downloads.begin(7).unwrap();
        part.write(b"half").unwrap();
        drop(part);
        let stale = home.path().join(format!("{PART}9-0"));
        let long_ago = std::time::SystemTime::UNIX_EPOCH - std::time::Duration::from_secs(4_000);
        std::fs::File::create(&stale).unwrap().set_modified(long_ago).unwrap();
        std::fs::File::create(home.path().join(format!("{PART}8-0"))).unwrap();
        drop(Downloads::open(home.path(), now()).unwrap());
        let left: Vec<_> = std::fs::read_dir(home.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(left, [format!("{PART}8-0").as_str()], "a young one may be another process's");
    }

    #[test]
    fn the_folder_is_the_one_that_was_opened() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("d");
        let downloads = Downloads::open(&folder, now()).unwrap();
        std::fs::rename(&folder, home.path().join("moved")).unwrap();
        symlink("/", &folder).unwrap();
        save(&downloads, "a.txt", "words");
        assert_eq!(std::fs::read_to_string(home.path().join("moved/a.txt")).unwrap(), "words");
        std::fs::write(home.path().join("plain"), "").unwrap();
        assert!(Downloads::open(&home.path().join("plain"), now()).is_err());
    }

    #[test]
    fn numbers_stand_before_the_ending() {
        assert_eq!(numbered("a.tar.gz", 2), "a.tar (2).gz");
        assert_eq!(numbered("readme", 12), "readme (12)");
        assert_eq!(numbered("a.very long sentence", 2), "a.very long sentence (2)");
        let long = numbered(&format!("{}.pdf", "é".repeat(58)), 100);
        assert!(long.len() <= 120 && long.ends_with(" (100).pdf"), "{long}");
    }
}
