package interop;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs named checks, one TAP line each; a hub that keeps silent must not keep the others from running. */
final class Harness {
  static final int PATIENCE_SECONDS = 20;

  interface Check {
    void run() throws Exception;
  }

  private final Map<String, Check> checks = new LinkedHashMap<>();

  void check(String name, Check check) {
    checks.put(name, check);
  }

  /** Whether all have passed. */
  boolean run() {
    boolean passed = true;
    for (Map.Entry<String, Check> entry : checks.entrySet()) {
      Throwable failure = failureOf(entry.getValue());
      System.out.println((failure == null ? "ok" : "not ok") + " - " + entry.getKey());
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
}
