//! The memory that a container or a service may use: limits of Linux control groups, both versions.
//!
//! A process is in one group of each hierarchy, and is held to the limit of that group and of all groups
//! above it. `/proc/self/cgroup` names the group, `/proc/self/mountinfo` shows where the hierarchy is
//! mounted, and with which part of it: in a container that is often the group of the container.

use std::fs;
use std::path::{Path, PathBuf};

/// Limits of version 1 from here on are what the kernel shows where there is none.
const UNLIMITED: u64 = 1 << 62;

/// Returns the lowest memory limit of the groups that this process is in.
pub(super) fn memory_limit() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
    lowest_limit(&groups, &mounts, |path| fs::read_to_string(path).ok())
}

fn lowest_limit(groups: &str, mounts: &str, read: impl Fn(&Path) -> Option<String>) -> Option<u64> {
    let hierarchies = mounts.lines().filter_map(Hierarchy::of_mount);
    let limit = |hierarchy: Hierarchy<'_>| {
        let folder = hierarchy.folder(groups)?;
        let above = folder.ancestors().take_while(|path| path.starts_with(hierarchy.mount_point));
        above.filter_map(|path| limit_in(&read(&path.join(hierarchy.file()))?)).min()
    };
    hierarchies.filter_map(limit).min()
}

/// Parses the content of a limit file; `max` is no limit.
fn limit_in(text: &str) -> Option<u64> {
    text.trim().parse().ok().filter(|limit| *limit < UNLIMITED)
}

/// A mounted hierarchy of groups that can limit memory.
#[derive(Clone, Copy)]
struct Hierarchy<'m> {
    is_v2: bool,
    /// The group that is mounted.
    root: &'m str,
    mount_point: &'m str,
}

impl<'m> Hierarchy<'m> {
    /// Parses a line of `mountinfo`: id, parent, device, root, mount point, options, any number of
    /// optional fields, `-`, type, source and options of the file system.
    fn of_mount(line: &'m str) -> Option<Self> {
        let (mount, system) = line.split_once(" - ")?;
        let mut mount = mount.split(' ').skip(3);
        let (root, mount_point) = (mount.next()?, mount.next()?);
        let mut system = system.split(' ');
        let is_v2 = match system.next()? {
            "cgroup2" => true,
            "cgroup" if system.nth(1)?.split(',').any(|option| option == "memory") => false,
            _ => return None,
        };
        Some(Self { is_v2, root, mount_point })
    }

    /// The name of the file with the limit of a group.
    fn file(self) -> &'static str {
        if self.is_v2 { "memory.max" } else { "memory.limit_in_bytes" }
    }

    /// Returns the folder of the group that the process is in.
    fn folder(self, groups: &str) -> Option<PathBuf> {
        let group = groups.lines().find_map(|line| {
            let (_, line) = line.split_once(':')?;
            let (controllers, group) = line.split_once(':')?;
            let is_found = match self.is_v2 {
                true => controllers.is_empty(),
                false => controllers.split(',').any(|name| name == "memory"),
            };
            is_found.then_some(group)
        })?;
        // A group outside the mounted part is not visible; the mounted one holds for it.
        let inside = Path::new(group).strip_prefix(self.root).unwrap_or(Path::new(""));
        Some(Path::new(self.mount_point).join(inside))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const V1: &str = "\
22 27 0:21 / /proc rw,relatime - proc proc rw
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:4 - cgroup cgroup rw,memory
36 31 0:33 / /sys/fs/cgroup/devices rw,relatime - cgroup cgroup rw,devices
";
    const V2: &str = "29 22 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw\n";

    fn limit(groups: &str, mounts: &str, files: &[(&str, &str)]) -> Option<u64> {
        lowest_limit(groups, mounts, |path| {
            let found = files.iter().find(|(name, _)| Path::new(name) == path);
            found.map(|(_, text)| (*text).to_owned())
        })
    }

    #[test]
    fn limit_of_version_2_is_that_of_the_lowest_group_above() {
        let files = [
            ("/sys/fs/cgroup/memory.max", "max\n"),
            ("/sys/fs/cgroup/a.slice/memory.max", "2000000000\n"),
            ("/sys/fs/cgroup/a.slice/b.scope/memory.max", "3000000000\n"),
        ];
        assert_eq!(limit("0::/a.slice/b.scope\n", V2, &files), Some(2_000_000_000));
        assert_eq!(limit("0::/\n", V2, &files), None);
    }

    #[test]
    fn limit_of_version_1_is_found_beside_other_hierarchies() {
        let groups = "8:pids:/\n4:memory:/service/x\n1:cpu:/\n0::/\n";
        let files = [
            ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"),
            ("/sys/fs/cgroup/memory/service/x/memory.limit_in_bytes", "536870912\n"),
        ];
        assert_eq!(limit(groups, V1, &files), Some(512 << 20));
        assert_eq!(limit(groups, V1, &files[..1]), None);
    }

    #[test]
    fn a_container_sees_its_own_group_as_the_mounted_one() {
        let mounts = "35 31 0:32 /docker/1f /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n";
        let files = [("/sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824")];
        for groups in ["4:memory:/docker/1f\n", "4:memory:/docker/2a\n"] {
            assert_eq!(limit(groups, mounts, &files), Some(1 << 30), "{groups}");
        }
    }

    #[test]
    fn systems_without_groups_have_no_limit() {
        assert_eq!(limit("", "", &[]), None);
        assert_eq!(limit("0::/x\n", "not a line\n", &[]), None);
    }
}
