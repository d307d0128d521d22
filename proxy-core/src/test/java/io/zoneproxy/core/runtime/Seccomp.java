package io.zoneproxy.core.runtime;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;

/**
 * Denies a system call to this thread and to those that it starts, as a container's profile may.
 */
final class Seccomp {
  // Of <linux/prctl.h>, <linux/seccomp.h>, <linux/audit.h>, <linux/filter.h>.
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int PR_SET_SECCOMP = 22;
  private static final int SECCOMP_MODE_FILTER = 2;
  private static final int RETURN_ALLOW = 0x7fff0000;
  private static final int RETURN_EPERM = 0x00050000 | 1;
  private static final int LOAD_WORD = 0x20;
  private static final int JUMP_EQUAL = 0x15;
  private static final int RETURN = 0x06;
  private static final int OFFSET_OF_CALL = 0; // in struct seccomp_data
  private static final int OFFSET_OF_ARCHITECTURE = 4;
  private static final int INSTRUCTION_BYTES = 8;

  private Seccomp() {}

  /** For JNA. */
  interface LibC extends Library {
    int prctl(int option, Object... arguments) throws LastErrorException;
  }

  /** Whether the numbers for this type of CPU are known here. */
  static boolean isKnownHere() {
    return isX86() || isArm();
  }

  private static boolean isX86() {
    return System.getProperty("os.arch").equals("amd64");
  }

  private static boolean isArm() {
    return System.getProperty("os.arch").equals("aarch64");
  }

  static void denySplice() {
    int architecture = isX86() ? 0xC000003E : 0xC00000B7;
    int splice = isX86() ? 275 : 76;
    int[][] program = {
      {LOAD_WORD, 0, 0, OFFSET_OF_ARCHITECTURE},
      {JUMP_EQUAL, 0, 3, architecture},
      {LOAD_WORD, 0, 0, OFFSET_OF_CALL},
      {JUMP_EQUAL, 0, 1, splice},
      {RETURN, 0, 0, RETURN_EPERM},
      {RETURN, 0, 0, RETURN_ALLOW},
    };
    Memory filter = new Memory((long) program.length * INSTRUCTION_BYTES);
    for (int i = 0; i < program.length; i++) {
      long at = (long) i * INSTRUCTION_BYTES;
      filter.setShort(at, (short) program[i][0]);
      filter.setByte(at + 2, (byte) program[i][1]);
      filter.setByte(at + 3, (byte) program[i][2]);
      filter.setInt(at + 4, program[i][3]);
    }
    Memory whole = new Memory(16); // struct sock_fprog: a length, a pointer
    whole.clear();
    whole.setShort(0, (short) program.length);
    whole.setPointer(8, filter);
    LibC libc = Native.load("c", LibC.class);
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
    libc.prctl(PR_SET_SECCOMP, (long) SECCOMP_MODE_FILTER, whole);
  }
}
