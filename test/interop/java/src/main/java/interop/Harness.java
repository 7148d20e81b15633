package interop;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Runs named checks; each prints one TAP line, {@code ok - id: sentence}, and a hub that keeps silent fails only its
 * own.
 */
final class Harness {
  static final int PATIENCE_SECONDS = 20;

  interface Check {
    void run() throws Exception;
  }

  private static final class Named {
    final String sentence;
    final Check check;

    Named(String sentence, Check check) {
      this.sentence = sentence;
      this.check = check;
    }
  }

  private final Map<String, Named> checks = new LinkedHashMap<>();

  /** Ids are permanent: one that is retired is never given again. */
  void check(String id, String sentence, Check check) {
    expect(checks.put(id, new Named(sentence, check)) == null, "two checks are called " + id);
  }

  /** Whether all have passed. */
  boolean run() {
    boolean passed = true;
    for (Map.Entry<String, Named> entry : checks.entrySet()) {
      Throwable failure = failureOf(entry.getValue().check);
      String name = entry.getKey() + ": " + entry.getValue().sentence;
      System.out.println((failure == null ? "ok" : "not ok") + " - " + name);
      if (failure != null) {
        passed = false;
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        trace.toString().lines().forEach(line -> System.out.println("  # " + line));
      }
      System.out.flush();
    }
    return passed;
  }

  private static Throwable failureOf(Check check) {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      executor.submit(() -> {
        check.run();
        return null;
      }).get(3 * PATIENCE_SECONDS, TimeUnit.SECONDS);
      return null;
    } catch (ExecutionException error) {
      return error.getCause();
    } catch (TimeoutException error) {
      return new AssertionError("the hub kept silent");
    } catch (InterruptedException error) {
      return error;
    } finally {
      executor.shutdownNow();
    }
  }

  static void expect(boolean condition, Object what) {
    if (!condition) {
      throw new AssertionError(String.valueOf(what));
    }
  }

  static void equal(Object expected, Object actual) {
    expect(expected.equals(actual), "expected " + expected + ", got " + actual);
  }

  /** The first value that meets the condition; fails with the last when none does in time. */
  static <T> T eventually(Callable<T> read, Predicate<T> isMet) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      T found = read.call();
      if (isMet.test(found)) {
        return found;
      }
      expect(System.nanoTime() < deadline, found);
      Thread.sleep(50);
    }
  }

  /** Runs what must fail with an exception of this kind, and gives it. */
  static <T extends Exception> T raises(Class<T> kind, Check request) throws Exception {
    try {
      request.run();
    } catch (Exception error) {
      if (kind.isInstance(error)) {
        return kind.cast(error);
      }
      throw error;
    }
    throw new AssertionError("expected " + kind.getSimpleName() + ", got an answer");
  }
}
