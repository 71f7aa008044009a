/** Devices that outlive every crash of Pushrod, and show afterwards what came of them. */
export interface CrashBench {
  devices: CrashDevice[];
  /** Tells a data folder of the devices, their login and their profiles. */
  register(dataDir: string): Promise<void>;
  /** Makes all devices as they came from the factory. */
  clear(): void;
  close(): Promise<void>;
}

/** A device, and where the traces of a push lie on it, as paths of this laptop. */
export interface CrashDevice {
  id: string;
  /**
   * `confirmed`: it reports its version, so that a cut activation can be confirmed later. `blind`: it does not, so nobody
   * can tell. `itself`: it installs what it is sent over HTTP, each time anew.
   */
  activation: 'confirmed' | 'blind' | 'itself';
  /** Holds the firmware and its `.part`, nothing else. */
  firmwareDir: string;
  /** A line with the SHA-256 of each file that was installed. */
  installsFile: string;
  /** The version it reports since. */
  versionFile: string;
}

/** What the push brings. */
export const firmwareFile = 'fw-9.0.bin';
export const firmwareVersion = '9.0';
