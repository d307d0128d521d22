package io.zoneproxy.cp.translate.listener;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.cp.translate.value.FieldGate;
import io.zoneproxy.cp.translate.value.Problems;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a listener chain by chain, and takes those from the version before that have the same
 * bytes: a new service changes one of 100,000 chains, and kuma-cp sends all of them again, in any
 * order. Whatever is odd is left to {@link ListenerTranslator}, which says what it is. For one
 * thread.
 */
public final class ListenerReader {
  private static final int CHAIN = Listener.FILTER_CHAINS_FIELD_NUMBER << 3 | 2;
  private static final int END = 0;

  private final ListenerTranslator translator;
  private final FieldGate gate;
  private final Map<String, Version> versions = new HashMap<>(); // by name of the listener

  /**
   * @param translator of what is new
   * @param gate what finds fields that no translator asks for
   */
  public ListenerReader(ListenerTranslator translator, FieldGate gate) {
    this.translator = translator;
    this.gate = gate;
  }

  /**
   * What is kept of a listener.
   *
   * @param rest all but its chains
   */
  private record Version(ByteString rest, KnownChains chains) {}

  /**
   * The listener; empty when it is not to be had quickly.
   *
   * @param name of the resource
   */
  public Optional<ListenerSpec> read(String name, ByteString bytes) {
    try {
      Optional<ListenerSpec> quick = quick(name, bytes);
      if (quick.isEmpty()) {
        forget(name);
      }
      return quick;
    } catch (IOException e) {
      forget(name);
      return Optional.empty();
    }
  }

  /** It is gone: its bytes need not be kept. */
  public void forget(String name) {
    versions.remove(name);
  }

  private Optional<ListenerSpec> quick(String name, ByteString bytes) throws IOException {
    Slices slices = new Slices();
    ByteString rest = split(bytes, slices);
    Listener listener = Listener.parseFrom(rest);
    if (!gate.passes(Listener.getDescriptor(), rest)) {
      return Optional.empty();
    }
    Version before = versions.get(name);
    KnownChains known =
        before != null && before.rest().equals(rest) ? before.chains() : KnownChains.NONE;
    Problems problems = Problems.of("Listener", name);
    Optional<KnownChains> chains =
        known.next(
            ChainBytes.of(bytes),
            slices,
            (from, size) -> chain(bytes.substring(from, from + size), listener, problems));
    if (chains.isEmpty()) {
      return Optional.empty();
    }
    Optional<ListenerSpec> spec = translator.around(listener, chains.get().specs(), problems);
    if (odd(problems) || spec.isEmpty()) {
      return Optional.empty();
    }
    versions.put(name, new Version(rest, chains.get()));
    return spec;
  }

  /** Returns what is left without the chains. */
  private static ByteString split(ByteString bytes, Slices chains) throws IOException {
    ByteString.Output rest = ByteString.newOutput();
    CodedInputStream in = bytes.newCodedInput();
    int from = 0;
    for (int tag = in.readTag(); tag != END; tag = in.readTag()) {
      if (tag == CHAIN) {
        int size = in.readRawVarint32();
        chains.add(in.getTotalBytesRead(), size);
        in.skipRawBytes(size);
      } else {
        in.skipField(tag);
        bytes.substring(from, in.getTotalBytesRead()).writeTo(rest);
      }
      from = in.getTotalBytesRead();
    }
    return rest.toByteString();
  }

  private @Nullable List<ChainSpec> chain(ByteString bytes, Listener listener, Problems problems) {
    if (!gate.passes(FilterChain.getDescriptor(), bytes)) {
      return null;
    }
    try {
      List<ChainSpec> specs = translator.chain(FilterChain.parseFrom(bytes), listener, problems);
      return odd(problems) ? null : specs;
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
  }

  private static boolean odd(Problems problems) {
    return problems.any() || !problems.notes().isEmpty();
  }
}
