package io.zoneproxy.egress.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Authorities that are made here and kept in the work folder, one file each: {@code
 * ca/MESH/BACKEND.pem}, and {@code ca/MESH/identity/NAME.pem} of a MeshIdentity, with certificate
 * and key, mode 0600. Several processes may share the folder.
 */
public final class BuiltinAuthorities {
  private static final String FOLDER = "ca";
  private static final String IDENTITIES = "identity";
  private static final String END = ".pem";

  /** No name that leads out of the folder, or hides. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}");

  /** Enough to find the one that was meant. */
  private static final int MOST_NAMED = 10;

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private final Path folder;

  /**
   * Reads and makes nothing yet.
   *
   * @param workDir of {@code --work-dir}
   */
  public BuiltinAuthorities(Path workDir) {
    folder = workDir.resolve(FOLDER);
  }

  /** The authority of a mesh; it is made when it is not there. */
  public MeshAuthority authority(String mesh, String backend) throws UnusableAuthorityException {
    return authority(mesh, file(mesh, backend));
  }

  /** The authority of a MeshIdentity; it is made when it is not there. */
  public MeshAuthority authorityOfIdentity(String mesh, String identity)
      throws UnusableAuthorityException {
    return authority(mesh, identityFile(mesh, identity));
  }

  private static MeshAuthority authority(String mesh, Path file) throws UnusableAuthorityException {
    try {
      if (!Files.exists(file)) {
        PrivateFiles.createFolder(parent(file));
        MeshAuthority made = MeshAuthority.create(mesh);
        PrivateFiles.create(file, made.certificates() + made.key());
      }
      return read(file);
    } catch (IOException e) {
      throw new UnusableAuthorityException(file + ": " + reason(e), e);
    }
  }

  /** The authority of a mesh as far as it was made already. Writes nothing. */
  Optional<MeshAuthority> known(String mesh, String backend) throws UnusableAuthorityException {
    return known(file(mesh, backend));
  }

  /** The same of a MeshIdentity. */
  Optional<MeshAuthority> knownOfIdentity(String mesh, String identity)
      throws UnusableAuthorityException {
    return known(identityFile(mesh, identity));
  }

  private static Optional<MeshAuthority> known(Path file) throws UnusableAuthorityException {
    try {
      return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    } catch (IOException e) {
      throw new UnusableAuthorityException(file + ": " + reason(e), e);
    }
  }

  /** The backends of a mesh that have an authority here, in alphabetical order. */
  public List<String> backends(String mesh) throws UnusableAuthorityException {
    return names(parent(file(mesh, "any")));
  }

  /** The MeshIdentities of a mesh that have an authority here, in alphabetical order. */
  public List<String> identities(String mesh) throws UnusableAuthorityException {
    return names(parent(identityFile(mesh, "any")));
  }

  private static List<String> names(Path ofMesh) throws UnusableAuthorityException {
    try (Stream<Path> files = Files.list(ofMesh)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(END) && !name.startsWith("."))
          .map(name -> name.substring(0, name.length() - END.length()))
          .sorted()
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UnusableAuthorityException(ofMesh + ": " + reason(e), e);
    }
  }

  /** The meshes that have a folder here, in alphabetical order: the first few of them. */
  public List<String> meshes() throws UnusableAuthorityException {
    try (Stream<Path> folders = Files.list(folder)) {
      return folders
          .map(each -> String.valueOf(each.getFileName()))
          .filter(name -> NAME.matcher(name).matches())
          .sorted()
          .limit(MOST_NAMED)
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UnusableAuthorityException(folder + ": " + reason(e), e);
    }
  }

  private static MeshAuthority read(Path file) throws IOException, UnusableAuthorityException {
    Set<PosixFilePermission> mode = EnumSet.copyOf(OTHERS);
    mode.retainAll(Files.getPosixFilePermissions(file));
    if (!mode.isEmpty()) {
      throw new UnusableAuthorityException(
          file + ": others may use the key in it (expected: mode 0600)");
    }
    String text = Files.readString(file, US_ASCII);
    int key = text.indexOf("-----BEGIN PRIVATE KEY");
    String certificates = key < 0 ? text : text.substring(0, key);
    return MeshAuthority.of(certificates, text, file.toString());
  }

  private Path file(String mesh, String backend) throws UnusableAuthorityException {
    return checkedFolder(mesh, backend).resolve(backend + END);
  }

  private Path identityFile(String mesh, String identity) throws UnusableAuthorityException {
    return checkedFolder(mesh, identity).resolve(IDENTITIES).resolve(identity + END);
  }

  private Path checkedFolder(String mesh, String other) throws UnusableAuthorityException {
    for (String name : List.of(mesh, other)) {
      if (!NAME.matcher(name).matches()) {
        throw new UnusableAuthorityException(
            "%s: is no name of a file (expected: letters, digits, '.', '-' and '_')"
                .formatted(name));
      }
    }
    return folder.resolve(mesh);
  }

  private static Path parent(Path file) {
    Path parent = file.getParent();
    return parent == null ? file : parent;
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName() + " (expected: a folder that can be written)";
  }
}
