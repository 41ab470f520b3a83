"""A thread works on captures while the next ones are taken."""

import queue
import threading

import pyk4a

shots = queue.Queue()
farthest = []


def work():
    for shot in iter(shots.get, None):
        farthest.append(int(shot.depth.max()))


camera = pyk4a.PyK4A(pyk4a.Config(depth_mode=pyk4a.DepthMode.NFOV_2X2BINNED), thread_safe=False)
camera.start()
thread = threading.Thread(target=work)
thread.start()
for _ in range(8):
    shots.put(camera.get_capture())
shots.put(None)
thread.join()
camera.stop()
print(len(farthest), "in the room", all(1000 < distance < 10_000 for distance in farthest))
